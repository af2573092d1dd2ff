import Primitives

extension ReportFormats {
    /// What a GitHub workflow shows of a run: annotations, the step's summary and its outputs.
    package var gitHub: GitHubText { GitHubText(self.report) }
}

/// Writes for GitHub's runner: workflow commands, `$GITHUB_STEP_SUMMARY`, `$GITHUB_OUTPUT`.
package struct GitHubText: Sendable {
    /// GitHub shows ten errors and ten warnings of a step; the last of each says how many more.
    static let annotationLimit = 9
    /// Bytes of a summary: GitHub takes 1 MiB of all steps' of a job.
    static let summaryLimit = 200_000
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    /// One workflow command for each rule that is not as expected, at its line of the scenario.
    ///
    /// Rules of severity `warning` are warnings; of each kind nine at most, and how many more.
    /// - Parameter file: the scenario's path as the repository has it; nil where nobody knows.
    package func annotations(file: String?) -> String {
        var errors: [String] = []
        if self.report.validity.state == .invalid {
            let failed = self.report.validity.gates.filter { $0.state == .failed }
            let detail = failed.map { "\($0.id): \($0.detail)" }.joined(separator: "\n")
            errors.append(
                Self.command("error", [("title", "Spate: the run is not valid")], detail))
        }
        let broken = self.report.thresholds.filter { $0.ok != true }
        errors += broken.filter { !$0.isWarning }.map { self.annotation("error", $0, file) }
        let warnings = broken.filter(\.isWarning).map { self.annotation("warning", $0, file) }
        return Self.limited("error", errors) + Self.limited("warning", warnings)
    }

    private func annotation(_ kind: String, _ rule: Report.Threshold, _ file: String?) -> String {
        var properties: [(String, String)] = []
        if let file {
            properties.append(("file", file))
            if let line = rule.line { properties.append(("line", String(line))) }
        }
        let name = rule.name ?? "\(rule.selector): \(rule.conditions)"
        properties.append(("title", "Spate: \(name)"))
        return Self.command(kind, properties, self.detail(rule))
    }

    private static func limited(_ kind: String, _ commands: [String]) -> String {
        guard commands.count > self.annotationLimit else { return commands.joined() }
        let rest = commands.count - self.annotationLimit
        return commands.prefix(self.annotationLimit).joined()
            + self.command(
                kind, [("title", "Spate: and \(rest) more")],
                "and \(rest) more; the step's summary lists all thresholds")
    }

    private func detail(_ rule: Report.Threshold) -> String {
        guard rule.ok == false else {
            return "\(rule.selector) \(rule.conditions): no samples to judge it by"
        }
        var text =
            "\(rule.selector) \(rule.conditions): value \(ReportText.number(rule.value))"
        if let first = rule.firstBroken {
            text += ", first broken at \(ReportText.clock(first))"
        }
        if let span = rule.duration { text += ", for \(ReportText.seconds(span))" }
        return text
    }

    /// The report as Markdown in at most 200,000 bytes, cut at the end of a line.
    package var summary: String {
        let markdown = self.report.markdown
        guard markdown.utf8.count > Self.summaryLimit else { return markdown }
        let notice = "\n\nCut here; the whole report is report.md of the run's folder.\n"
        var kept = ""
        var size = notice.utf8.count
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            size += line.utf8.count + 1
            guard size <= Self.summaryLimit else { break }
            kept += line + "\n"
        }
        return kept + notice
    }

    /// The step's outputs, `name=value` a line; unknown is empty.
    ///
    /// - Parameter path: where the report for a browser lies.
    package func outputs(reportPath path: String) -> String {
        let judged = self.report.classes[self.report.judgedClass]
        let done = self.report.series.reduce(0) { $0 + $1.done }
        let good = self.report.series.reduce(0) { $0 + $1.good }
        let broken = self.report.thresholds.filter { $0.ok != true }
        func number(_ value: Double?) -> String { value.map { FormatText.number($0) } ?? "" }
        let values = [
            ("verdict", self.report.verdict.grade.rawValue),
            ("validity", self.report.validity.state.rawValue),
            ("p99", number(judged?.responseMs.p99)),
            ("p99_at_least", number(judged?.responseMs.p99AtLeast)),
            ("failed_rate", number(done > 0 ? Double(done - good) / Double(done) : nil)),
            ("thresholds_broken", String(broken.count { !$0.isWarning })),
            ("thresholds_warned", String(broken.count(where: \.isWarning))),
            ("report_path", path),
        ]
        return values.map { name, value in
            "\(name)=\(value.map { $0.isNewline ? " " : String($0) }.joined())\n"
        }.joined()
    }

    /// A workflow command; the data escapes `%` and line breaks, properties `:` and `,` as well.
    static func command(_ kind: String, _ properties: [(String, String)], _ data: String) -> String
    {
        let shown = properties.map { "\($0.0)=\(self.escaped($0.1, isProperty: true))" }
        return "::\(kind)\(shown.isEmpty ? "" : " ")\(shown.joined(separator: ","))::"
            + self.escaped(data, isProperty: false) + "\n"
    }

    private static func escaped(_ text: String, isProperty: Bool) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": output += "%25"
            case "\r": output += "%0D"
            case "\n": output += "%0A"
            case ":" where isProperty: output += "%3A"
            case "," where isProperty: output += "%2C"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
