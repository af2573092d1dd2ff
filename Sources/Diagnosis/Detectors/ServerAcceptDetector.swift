extension Detector {
    /// Whether connections wait to be accepted by a server that has nothing to do (M06).
    ///
    /// Servers at their limit of connections stop accepting: the kernel's queue stands, workers
    /// sleep, and nothing overflows as long as the queue has room. Where workers are taken the
    /// queue stands because of them, and the test says nothing.
    static let serverAccepting = Detector(
        purpose: "Did connections wait to be accepted while workers were free?",
        tests: ["server_not_accepting"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let first = ServerLoad.beginning(file, of: trouble)
        let use = ServerLoad.workerShare(file, in: first)
        let waiting = file.server.values(.acceptWaiting, in: first)
        guard use.count >= 5, waiting.count >= 5, let busy = median(use),
            let standing = median(waiting)
        else { return [] }
        let before = median(file.server.values(.acceptWaiting, in: file.quiet ?? 0..<0)) ?? 0
        let stands = standing >= 5 && standing >= 5 * before
        // A standing queue before busy workers is theirs.
        if stands && busy >= 0.5 { return [] }
        return [
            Finding(
                "server_not_accepting", fired: stands, group: "server accepting",
                n: waiting.count, window: first,
                ["waiting": standing, "before": before, "workers": busy])
        ]
    }
}
