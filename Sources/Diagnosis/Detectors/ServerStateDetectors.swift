extension Detector {
    /// Whether space ran out, or the disk was the limit (M17, M18).
    static let serverStorage = Detector(
        purpose: "Did free space run out, or did work wait for the disk?",
        tests: ["server_disk_full", "server_io"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        var findings: [Finding] = []
        if let room = ServerRoom(file, in: trouble) {
            findings.append(
                Finding(
                    "server_disk_full", fired: room.isUsedUp, group: "server disk", n: room.n,
                    window: trouble, ["first": room.first, "least": room.least]))
        }
        let waits = ServerLoad.pressure(.pressureIO, file, in: trouble)
        let awaits = file.server.values(.diskAwait, in: trouble)
        // Seconds of waiting for the disk per second: at 1 it is never idle, if it does one after
        // another (the utilization law; Denning and Buzen, Computing Surveys 10, 1978).
        let syncs = file.server.rates(.syncing, in: trouble)
        if waits.count >= 5 || awaits.count >= 5 || syncs.count >= 5 {
            let syncing = median(syncs) ?? 0
            let share = median(waits) ?? 0
            let wait = median(awaits) ?? 0
            let before = median(file.server.values(.diskAwait, in: file.quiet ?? 0..<0)) ?? 0
            let isSlow = wait >= 50 && wait >= 5 * before
            findings.append(
                Finding(
                    "server_io", fired: share >= 0.1 || isSlow || syncing >= 0.8,
                    group: "server io", n: max(waits.count, awaits.count, syncs.count),
                    window: trouble, ["share": share, "await_ms": wait, "syncing": syncing]))
        }
        return findings
    }

    /// Whether the process was another one afterwards (M20).
    static let serverProcess = Detector(
        purpose: "Was the server's process started anew?", tests: ["server_restart"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        // From before the trouble: the new process may be the first that was read in it.
        let range = max(0, trouble.lowerBound - 10)..<min(file.facts.length, trouble.upperBound + 5)
        let names: [ServerSeries.Name] = [.processStart, .processID, .restarts]
        let series = names.map { file.server.values($0, in: range) }.filter { $0.count >= 2 }
        guard let most = series.map(\.count).max() else { return [] }
        let changes =
            series.map { values in
                zip(values, values.dropFirst()).filter { $0 != $1 }.count
            }.max() ?? 0
        return [
            Finding(
                "server_restart", fired: changes >= 1, group: "server process", n: most,
                window: range, ["changes": Double(changes)])
        ]
    }

    /// Whether the server itself says that it turned requests away, and by which rule (M12, M13).
    static let serverPolicy = Detector(
        purpose: "Did the server's limiter or its shedding count refusals?",
        tests: ["server_limited", "server_shed"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let tests: [(String, ServerSeries.Name)] = [
            ("server_limited", .limited), ("server_shed", .shed),
        ]
        return tests.compactMap { test, name in
            guard let count = file.server.increase(name, in: trouble) else { return nil }
            let bad = file.facts.total(trouble, \.done) - file.facts.total(trouble, \.good)
            // What explains a fifth of the failures matters.
            return Finding(
                test, fired: count >= 20 && count >= 0.2 * bad, group: "server policy",
                n: file.server.points(name, in: trouble).count, window: trouble,
                ["count": count, "failures": bad])
        }
    }
}

/// The scarcest of what a server stores things in: its disk, the disk's inodes, a quota of its own.
private struct ServerRoom {
    /// What there was at the run's first reading, and the least there was in the trouble.
    let first: Double
    let least: Double
    /// Readings.
    let n: Int
    /// True when a hundredth or less was left, or less than a large upload.
    let isUsedUp: Bool

    /// Nil with fewer than five readings of each.
    init?(_ file: CaseFile, in trouble: Range<Int>) {
        let all = 0..<max(1, file.facts.length)
        let kinds: [(name: ServerSeries.Name, small: Double)] = [
            (.freeQuota, 4_194_304), (.freeBytes, 4_194_304), (.freeInodes, 10),
        ]
        let rooms = kinds.compactMap { kind -> ServerRoom? in
            let free = file.server.values(kind.name, in: trouble)
            guard free.count >= 5, let least = free.min(),
                let first = file.server.values(kind.name, in: all).first
            else { return nil }
            return ServerRoom(
                first: first, least: least, n: free.count,
                isUsedUp: least <= max(min(kind.small, 0.1 * first), 0.01 * first))
        }
        let scarcest = rooms.min { $0.share < $1.share }
        guard let room = rooms.first(where: \.isUsedUp) ?? scarcest else { return nil }
        self = room
    }

    private init(first: Double, least: Double, n: Int, isUsedUp: Bool) {
        (self.first, self.least, self.n, self.isUsedUp) = (first, least, n, isUsedUp)
    }

    private var share: Double { self.first > 0 ? self.least / self.first : 0 }
}
