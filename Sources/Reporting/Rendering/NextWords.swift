/// What to run next and what would have helped, in rows that the page and the Markdown share.
struct NextWords {
    /// The header of the runs.
    static let runHeader = ["run", "bits", "what to do", "refutes the leader if", "command"]
    /// The column of the command.
    static let commandColumn = 4
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
}
