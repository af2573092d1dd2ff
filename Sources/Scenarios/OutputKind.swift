/// What `-o KIND[=DEST]` and a scenario's `outputs:` may name: the one list of kinds.
package enum OutputKind: String, Sendable, CaseIterable {
    /// The one source of all numbers.
    case json
    /// The report for a browser.
    case html
    /// The report for a terminal or a pull request.
    case markdown
    /// The thresholds for a CI server.
    case junit
    /// Every attempt, one a line.
    case attempts
    /// Annotations, step summary and outputs of a GitHub workflow.
    case github
    /// k6's legacy summary, which GitLab's `load_performance` reads.
    case k6Summary = "k6-summary"
    /// OpenMetrics text, which GitLab's `metrics` reads.
    case openmetrics
    /// What github-action-benchmark reads as `customSmallerIsBetter`.
    case benchmarkAction = "benchmark-action"
    /// k6's stream of metrics and points.
    case k6JSON = "k6-json"
    /// The run second by second, one JSON object a line.
    case ndjson
    /// The report's series as a table.
    case csv
    /// HdrHistogram's interval log.
    case hlog
    /// HdrHistogram's percentile text.
    case hdrplot

    /// The file in the run's directory: where it goes without a destination.
    ///
    /// Nil for what is no file: annotations.
    package var fileName: String? {
        switch self {
        case .json: "report.json"
        case .html: "report.html"
        case .markdown: "report.md"
        case .junit: "junit.xml"
        case .attempts: "journal/attempts.ndjson"
        case .github: nil
        case .k6Summary: "k6-summary.json"
        case .openmetrics: "metrics.txt"
        case .benchmarkAction: "benchmark.json"
        case .k6JSON: "k6.ndjson"
        case .ndjson: "seconds.ndjson"
        case .csv: "series.csv"
        case .hlog: "response.hlog"
        case .hdrplot: "response.hgrm"
        }
    }

    /// True for the files that every run writes anyway.
    package var isOfEveryRun: Bool {
        switch self {
        case .json, .html, .markdown, .junit, .attempts: true
        default: false
        }
    }

    /// A few words for the help.
    package var about: String {
        switch self {
        case .json: "report.json, the source of all numbers"
        case .html: "the report for a browser"
        case .markdown: "the report as Markdown"
        case .junit: "the thresholds as JUnit XML"
        case .attempts: "every attempt instead of a sample, one JSON object a line"
        case .github: "annotations, step summary and outputs of a GitHub workflow"
        case .k6Summary: "k6's legacy summary, for GitLab's load_performance"
        case .openmetrics: "OpenMetrics text, for GitLab's metrics"
        case .benchmarkAction: "JSON for github-action-benchmark, customSmallerIsBetter"
        case .k6JSON: "k6's points, one JSON object a line, from the listed attempts"
        case .ndjson: "each second, one JSON object a line; to - while the run lasts"
        case .csv: "the report's series as a table"
        case .hlog: "HdrHistogram's interval log, a line a second, population and outcome"
        case .hdrplot: "HdrHistogram's percentile text, for its plotter"
        }
    }

    /// All kinds with a line each, for the help.
    package static var listing: String {
        let width = allCases.map(\.rawValue.count).max() ?? 0
        return allCases.map { kind in
            let gap = String(repeating: " ", count: width - kind.rawValue.count + 2)
            return "  \(kind.rawValue)\(gap)\(kind.about)"
        }.joined(separator: "\n")
    }

    /// The kind of that name.
    ///
    /// - Throws: `OutputKindError` with a hint.
    package init(named name: String) throws(OutputKindError) {
        guard let kind = OutputKind(rawValue: name) else {
            let words = OutputKind.allCases.map(\.rawValue)
            throw OutputKindError(
                message: "'\(name)' is no kind of output"
                    + Suggestion.phrase(
                        for: name, among: words,
                        otherwise: "write one of: \(words.joined(separator: ", "))"))
        }
        self = kind
    }
}

/// Why a word is no kind of output.
package struct OutputKindError: Error, Sendable, Hashable {
    /// One sentence with a hint.
    package var message: String
}
