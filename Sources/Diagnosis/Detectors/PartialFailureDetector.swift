extension Detector {
    /// Failures that belong to an instance, a connection or a client, and not to the moment
    /// (research: diagnosis, M24 and 3.6).
    static let partial = Detector(
        purpose: "Do failures follow the address, the connection or the client?",
        tests: ["partial_by_address", "partial_by_connection", "partial_by_key"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let rows = file.during
        return [
            PartialFailure.finding("partial_by_address", rows, trouble) {
                $0.address.map { Int64($0) }
            },
            PartialFailure.finding("partial_by_connection", rows, trouble) {
                $0.connection.map { Int64($0) }
            },
            PartialFailure.finding("partial_by_key", rows, trouble) { $0.client },
        ].compactMap { $0 }
    }
}

private enum PartialFailure {
    private struct Cell {
        var n = 0
        var failed = 0
    }

    /// A chi-square test of failure by key within stretches of five seconds, so that what fails
    /// from a moment on is not taken for what fails at a place.
    static func finding(
        _ test: String, _ rows: [Attempt], _ trouble: Range<Int>, key keyOf: (Attempt) -> Int64?
    ) -> Finding? {
        var keys: [Int64: Cell] = [:]
        for row in rows {
            guard let key = keyOf(row) else { continue }
            keys[key, default: Cell()].n += 1
            if !row.isGood { keys[key, default: Cell()].failed += 1 }
        }
        let kept = keys.filter { $0.value.n >= 5 }
        let n = kept.values.reduce(0) { $0 + $1.n }
        let failed = kept.values.reduce(0) { $0 + $1.failed }
        guard kept.count >= 2, failed >= 20, n - failed >= 20 else { return nil }
        var windows: [Int: [Int64: Cell]] = [:]
        for row in rows {
            guard let key = keyOf(row), kept[key] != nil else { continue }
            let window = Int(row.started) / 5
            windows[window, default: [:]][key, default: Cell()].n += 1
            if !row.isGood { windows[window, default: [:]][key, default: Cell()].failed += 1 }
        }
        var statistic = 0.0
        var degrees = 0
        for (_, cells) in windows.sorted(by: { $0.key < $1.key }) where cells.count >= 2 {
            let all = cells.values.reduce(0) { $0 + $1.n }
            let bad = cells.values.reduce(0) { $0 + $1.failed }
            let share = Double(bad) / Double(all)
            // Too few of one kind for the chi-square law.
            guard share >= 0.05, share <= 0.95 else { continue }
            for (_, cell) in cells.sorted(by: { $0.key < $1.key }) {
                let expected = Double(cell.n) * share
                let spread = expected * (1 - share)
                statistic +=
                    (Double(cell.failed) - expected) * (Double(cell.failed) - expected)
                    / spread
            }
            degrees += cells.count - 1
        }
        guard degrees > 0 else { return nil }
        let p = chiSquareTail(statistic, degrees: degrees)
        let broken = kept.values.filter { Double($0.failed) >= 0.9 * Double($0.n) }
        let working = kept.values.filter { Double($0.failed) <= 0.1 * Double($0.n) }
        let decided = (broken + working).reduce(0) { $0 + $1.n }
        let isAllOrNone =
            !broken.isEmpty && !working.isEmpty && Double(decided) >= 0.9 * Double(n)
        return Finding(
            test, fired: p < 0.001 && isAllOrNone, group: "partial", n: n, window: trouble,
            [
                "chi_square": statistic, "degrees": Double(degrees), "p": p,
                "keys": Double(kept.count), "broken": Double(broken.count),
                "broken_share": Double(failed) / Double(n),
            ])
    }
}
