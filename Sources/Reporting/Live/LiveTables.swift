/// The live view's two tables, and how they stand side by side.
enum LiveTables {
    /// Populations, the one looked at marked.
    static func populations(_ state: LiveState, words: LiveWords) -> [String] {
        guard !state.populations.isEmpty else { return [] }
        var rows = [
            LiveTables.row("population", ["offered", "done", "ok", "p50", "p99", "inflt", "drop"])
        ]
        for (index, load) in state.populations.enumerated() {
            let mark = state.selected == index ? "> " : ""
            rows.append(
                LiveTables.row(
                    mark + load.name,
                    [
                        ReportText.count(load.offered) + "/s", ReportText.count(load.done) + "/s",
                        LiveWords.percent(load.good, of: load.done), words.time(load.times.p50),
                        words.time(load.times.p99), ReportText.count(load.inFlight),
                        ReportText.count(load.dropped),
                    ]))
        }
        return rows
    }

    /// What became of attempts, now and in all.
    static func outcomes(_ state: LiveState) -> [String] {
        guard !state.outcomes.isEmpty else { return [] }
        return [LiveTables.outcome("outcome", "now/s", "total")]
            + state.outcomes.map {
                LiveTables.outcome($0.name, ReportText.count($0.now), ReportText.count($0.total))
            }
    }

    /// Left rows cut at a column, right rows behind it.
    static func beside(
        _ left: [String], _ right: [String], at column: Int, _ words: LiveWords
    ) -> [String] {
        (0..<max(left.count, right.count)).map { row in
            let first = row < left.count ? left[row] : ""
            guard row < right.count else { return first }
            let cut = LiveText.fitted(
                first, width: column - 3, usesUnicode: words.usesUnicode)
            return LiveText.padded(cut, to: column - 2) + (words.usesUnicode ? "│ " : "| ")
                + right[row]
        }
    }

    private static func row(_ name: String, _ values: [String]) -> String {
        let cut = LiveText.fitted(name, width: 13, usesUnicode: true)
        return LiveText.padded(cut, to: 14)
            + values.map { LiveText.right($0, 8) }.joined()
    }

    private static func outcome(_ name: String, _ now: String, _ total: String) -> String {
        LiveText.padded(LiveText.fitted(name, width: 16, usesUnicode: true), to: 16)
            + LiveText.right(now, 7) + LiveText.right(total, 10)
    }
}
