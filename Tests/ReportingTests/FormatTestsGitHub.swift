import Testing

@testable import Reporting

@Suite("What GitHub shows")
struct FormatTestsGitHub {
    private func rule(
        _ name: String?, ok: Bool?, warns: Bool = false, line: Int? = nil
    ) -> Report.Threshold {
        var rule = Report.Threshold(
            selector: "http_req_failed{class:genuine}", expression: "rate<1%", value: 0.2, ok: ok,
            firstBroken: ok == false ? 61 : nil, duration: ok == false ? 5 : nil, name: name)
        rule.severity = warns ? "warning" : "error"
        rule.line = line
        return rule
    }

    private func text(_ rules: [Report.Threshold]) -> GitHubText {
        SyntheticRecord.formats { $0.thresholds = rules }.gitHub
    }

    @Test("A broken rule is an error at its line, a broken warning a warning.")
    func annotations() {
        let text = self.text([
            self.rule(nil, ok: true, line: 4), self.rule(nil, ok: false, line: 5),
            self.rule("slow", ok: false, warns: true), self.rule("none", ok: nil, line: 7),
        ])
        #expect(
            text.annotations(file: "load/a, b:c.yaml")
                == """
                ::error file=load/a%2C b%3Ac.yaml,line=5,title=Spate%3A \
                http_req_failed{class%3Agenuine}%3A rate<1%25::http_req_failed{class:genuine} \
                rate<1%25: value 0.2, first broken at 01:01, for 5 s
                ::error file=load/a%2C b%3Ac.yaml,line=7,title=Spate%3A none::\
                http_req_failed{class:genuine} rate<1%25: no samples to judge it by
                ::warning file=load/a%2C b%3Ac.yaml,title=Spate%3A slow::\
                http_req_failed{class:genuine} rate<1%25, a warning: value 0.2, first broken at \
                01:01, for 5 s

                """)
    }

    @Test("Nothing of a name ends its line: no command can be slipped in.")
    func escapes() {
        let name = "100% a:b,c\r\n::error::x"
        let text = self.text([self.rule(name, ok: false)]).annotations(file: nil)
        #expect(
            text.hasPrefix("::error title=Spate%3A 100%25 a%3Ab%2Cc%0D%0A%3A%3Aerror%3A%3Ax::"))
        #expect(text.split(whereSeparator: \.isNewline).count == 1)
        #expect(
            GitHubText.command("notice", [], "50%\r\n::a,b") == "::notice::50%25%0D%0A::a,b\n")
    }

    @Test("Of each kind nine are shown, and how many more there are.")
    func limit() {
        let errors = (0..<12).map { self.rule("e\($0)", ok: false) }
        let warnings = (0..<10).map { self.rule("w\($0)", ok: false, warns: true) }
        let lines = self.text(errors + warnings).annotations(file: nil).split(separator: "\n")
        #expect(lines.count == 20)
        #expect(lines[8].hasPrefix("::error title=Spate%3A e8::"))
        #expect(lines[9].hasPrefix("::error title=Spate%3A and 3 more::"))
        #expect(lines[19].hasPrefix("::warning title=Spate%3A and 1 more::"))
    }

    @Test("A run that is not valid is an error of its own, before the rules.")
    func invalid() {
        let text = SyntheticRecord.formats { report in
            report.validity.state = .invalid
            report.validity.gates = [
                .init(id: "V1", state: .failed, detail: "9 dropped"),
                .init(id: "V2", state: .ok, detail: "fine"),
                .init(id: "V3", state: .failed, detail: "late"),
            ]
        }.gitHub.annotations(file: "a.yaml")
        #expect(text == "::error title=Spate%3A the run is not valid::V1: 9 dropped%0AV3: late\n")
    }

    @Test("Outputs are a line each; unknown is empty, and a line break makes no output.")
    func outputs() {
        let text = SyntheticRecord.formats { report in
            var row = Report.SeriesRow(t: 0, story: 0)
            row.done = 8
            row.good = 7
            report.series = [row]
            report.thresholds = [
                self.rule("a", ok: false), self.rule("b", ok: nil),
                self.rule("c", ok: false, warns: true),
            ]
        }.gitHub.outputs(reportPath: "a\nverdict=HEALTHY\r\nb/report.html")
        #expect(
            text == """
                verdict=NOT_ENOUGH_EVIDENCE
                validity=valid
                p99=
                p99_at_least=2
                failed_rate=0.125
                thresholds_broken=2
                thresholds_warned=1
                report_path=a verdict=HEALTHY b/report.html

                """)
    }

    @Test("A summary is the Markdown, cut at a line's end where GitHub would refuse it.")
    func summary() {
        let short = self.text([self.rule(nil, ok: false)])
        #expect(short.summary.hasPrefix("# sample\n"))
        #expect(!short.summary.contains("Cut here"))
        let long = self.text((0..<4_000).map { self.rule("rule number \($0) ß", ok: false) })
        #expect(long.summary.utf8.count <= GitHubText.summaryLimit)
        #expect(long.summary.utf8.count > GitHubText.summaryLimit - 1_000)
        #expect(long.summary.hasSuffix("the whole report is report.md of the run's folder.\n"))
    }
}
