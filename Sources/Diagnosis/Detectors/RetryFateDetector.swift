extension Detector {
    /// Whether who failed once fails again while others are served (M24, M25).
    ///
    /// A failure that is tied to the moment meets a second try like any first one of the same five
    /// seconds; one that is tied to the client, its data or its instance meets the same client
    /// again.
    static let retryFate = Detector(
        purpose: "Do second tries fail although first ones beside them succeed?",
        tests: ["failure_follows_client"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        var last: [Int64: Attempt] = [:]
        var firsts: [Int: WeightedShare] = [:]
        var again: [(window: Int, isFailed: Bool)] = []
        for row in file.during where row.isLoaded {
            guard let client = row.client else { continue }
            let window = Int(row.started) / 5
            if let previous = last.updateValue(row, forKey: client) {
                if !previous.isGood { again.append((window, !row.isGood)) }
            } else {
                firsts[window, default: WeightedShare()].add(row.weight, isPart: !row.isGood)
            }
        }
        let judged = again.compactMap { entry in
            firsts[entry.window].map { (share: $0.share, isFailed: entry.isFailed) }
        }
        guard judged.count >= 30 else { return [] }
        let share = Double(judged.filter(\.isFailed).count) / Double(judged.count)
        let expected = judged.reduce(0) { $0 + $1.share } / Double(judged.count)
        // Where nearly all fail a second try cannot stand out.
        guard expected <= 0.7 else { return [] }
        return [
            Finding(
                "failure_follows_client", fired: share >= 0.8 && share >= expected + 0.25,
                group: "partial", n: judged.count, window: trouble,
                ["again": share, "beside": expected])
        ]
    }
}
