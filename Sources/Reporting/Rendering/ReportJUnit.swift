import Primitives

extension Report {
    /// The thresholds as JUnit XML: one suite, one test case for each rule.
    ///
    /// A rule that is as expected passes (also one expected to fail that did), a crossed one is a
    /// failure with its text in the body, one without data is an error; either is skipped where
    /// the rule is a warning. A run that is not valid adds an error of its own, since none of its
    /// figures speaks about the server.
    package var junit: String { ReportJUnit(self).xml }
}

/// Writes JUnit XML as Jenkins' and GitLab's readers take it.
struct ReportJUnit {
    private enum Result: String {
        case passed, failure, error, skipped
    }
    private struct Case {
        var name: String
        var result = Result.passed
        /// What kind of result it is, in a word.
        var type = ""
        var body = ""
    }
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    var xml: String {
        let cases = self.cases
        let run = self.report.run
        let time = UnitText.fixed(run.duration, 3)
        let name = ReportText.escape(run.scenario)
        let classname = ReportText.escape("spate." + run.scenario)
        var output = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="\(name)" tests="\(cases.count)" \
            failures="\(cases.count { $0.result == .failure })" \
            errors="\(cases.count { $0.result == .error })" \
            skipped="\(cases.count { $0.result == .skipped })" time="\(time)" \
            timestamp="\(ReportText.escape(self.timestamp))">
            <properties>

            """
        for (key, value) in self.properties {
            output += "<property name=\"\(key)\" value=\"\(ReportText.escape(value))\"/>\n"
        }
        output += "</properties>\n"
        for item in cases {
            output += "<testcase classname=\"\(classname)\" "
            output += "name=\"\(ReportText.escape(item.name))\" time=\"\(time)\""
            output += item.result == .passed ? "/>\n" : ">\n\(self.element(item))</testcase>\n"
        }
        return output + "</testsuite>\n"
    }

    /// JUnit's own form has no fraction and no zone.
    private var timestamp: String {
        String(self.report.run.started.prefix(19))
    }

    private var properties: [(String, String)] {
        let run = self.report.run
        return [
            ("run", run.id), ("seed", String(run.seed)), ("version", run.version),
            ("libcurl", run.libcurl), ("scenario_sha256", run.scenarioSHA256),
            ("command", run.command), ("verdict", self.report.verdict.grade.rawValue),
            ("validity", self.report.validity.state.rawValue),
        ]
    }

    private var cases: [Case] {
        let named = zip(self.report.thresholdNames, self.report.thresholds)
        let cases = named.map { name, threshold -> Case in
            switch threshold.ok {
            case true?: return Case(name: name)
            case false?:
                return Case(
                    name: name, result: threshold.isWarning ? .skipped : .failure,
                    type: threshold.isWarning ? "warning" : "threshold",
                    body: self.detail(threshold))
            case nil:
                return Case(
                    name: name, result: threshold.isWarning ? .skipped : .error,
                    type: "inconclusive", body: "No samples to judge it by.")
            }
        }
        var validity = Case(name: "the run is valid")
        if self.report.validity.state == .invalid {
            let failed = self.report.validity.gates.filter { $0.state == .failed }
            validity.result = .error
            validity.type = "invalid"
            validity.body = failed.map { "\($0.id): \($0.detail)" }.joined(separator: "\n")
        }
        return cases + [validity]
    }

    private func detail(_ threshold: Report.Threshold) -> String {
        var lines = [
            "value \(ReportText.number(threshold.value)), rule \(threshold.selector)"
                + " \(threshold.conditions)"
        ]
        if let first = threshold.firstBroken {
            lines.append("first broken at \(ReportText.clock(first))")
        }
        if let span = threshold.duration { lines.append("for \(ReportText.seconds(span))") }
        lines.append("see report.html of run \(self.report.run.id)")
        return lines.joined(separator: "\n")
    }

    private func element(_ item: Case) -> String {
        let kind = item.result.rawValue
        return "<\(kind) type=\"\(item.type)\" message=\"\(ReportText.escape(item.body))\">"
            + "\(ReportText.escape(item.body, keepsLines: true))</\(kind)>\n"
    }
}
