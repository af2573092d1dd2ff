/// What to run next and what would have helped, in rows that the page and the Markdown share.
struct NextWords {
    /// The header of the runs.
    static let runHeader = ["run", "bits", "what to do", "refutes the leader if", "command"]
    /// The header of the remedies.
    static let remedyHeader = ["remedy", "predicted", "measured"]
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    /// The runs, the most telling first.
    var runs: [[String]] {
        (self.report.nextRuns ?? []).map {
            [
                $0.id, ReportText.number($0.gainBits), $0.what, $0.refutedBy ?? "–",
                $0.command ?? "takes more than this machine",
            ]
        }
    }

    /// The remedies.
    var remedies: [[String]] {
        (self.report.remedies ?? []).map {
            [$0.id, $0.predicted ?? ReportText.unknown, $0.measured ?? "not measured"]
        }
    }

    /// Both tables as Markdown.
    func markdown(_ markdown: ReportMarkdown) -> String {
        func plain(_ rows: [[String]]) -> [[String]] {
            rows.map { $0.map { markdown.plain($0) } }
        }
        return markdown.table("Runs that would tell more", Self.runHeader, plain(self.runs))
            + markdown.table(
                "What would have avoided it", Self.remedyHeader, plain(self.remedies))
    }

    /// Both tables as HTML.
    var html: String {
        func table(_ caption: String, _ header: [String], _ rows: [[String]]) -> String {
            guard !rows.isEmpty else { return "" }
            return PageParts.table(
                caption, header.map { .text($0) }, rows.map { $0.map { .text($0) } })
        }
        return table("Runs that would tell more", Self.runHeader, self.runs)
            + table("What would have avoided it", Self.remedyHeader, self.remedies)
    }
}
