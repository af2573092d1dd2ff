import Foundation
import Testing

@Suite("Files for other programs, by the real program")
struct FormatFilesTests {
    private static let kinds = [
        "json", "html", "markdown", "junit", "attempts", "k6-summary", "openmetrics",
        "benchmark-action", "k6-json", "ndjson", "csv", "hlog", "hdrplot",
    ]

    /// Three seconds of tips, and visitors of a page that is not there.
    static let scenario = """
        version: 1
        name: "Files <of> & \\"a\\" 100% run"
        target: { intake: { workers: 4, serviceTime: 2ms } }
        scenarios:
          people:
            executor: constant-arrival-rate
            rate: 30/s
            duration: 3s
            flow: [ { post: { url: /v1/tips, multipart: { text: "tip {{ $seq }}" } } } ]
          visitors:
            class: noise
            executor: constant-arrival-rate
            rate: 5/s
            duration: 3s
            flow: [ { get: /nothing } ]
        thresholds:
          "http_req_failed{class:genuine}": [ "rate==0" ]
          "http_req_failed{class:noise}":
            - { threshold: "rate<1%", name: "#1: 100%, <is> \\"broken\\"" }
            - { threshold: "rate<2%", severity: warning }

        """

    @Test("Each kind of file is read by its reader, and says what report.json says.")
    func files() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario, to: "files.yaml", in: folder)
            try BuiltProgram.write("before=kept\n", to: "output", in: folder)
            let outputs = Self.kinds.flatMap { ["-o", "\($0)=o.\($0)"] }
            let run = try BuiltProgram.run(
                ["run", "files.yaml", "--out-dir", "out", "-o", "github=o.github"] + outputs,
                in: folder,
                environment: [
                    "GITHUB_OUTPUT": folder + "/output", "GITHUB_STEP_SUMMARY": folder + "/summary",
                    "GITHUB_WORKSPACE": folder, "GITHUB_ACTIONS": "true",
                ])
            #expect(run.status == 99, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/o.json")
            try self.checkJUnit(folder)
            try self.checkK6(folder, report)
            try self.checkSeconds(folder, report)
            try self.checkGitHub(folder)
            try self.checkHistograms(folder, report)
            let metrics = try self.text(folder + "/o.openmetrics")
            #expect(metrics.contains("spate_intents{class=\"genuine\",ending=\"accepted\"} 90\n"))
            #expect(metrics.hasSuffix("# EOF\n"))
            let list = try JSONSerialization.jsonObject(
                with: Data(try self.text(folder + "/o.benchmark-action").utf8))
            #expect((list as? [[String: Any]])?.isEmpty == false)
            for kind in Self.kinds {
                let again = try BuiltProgram.run(
                    ["report", "out", "-o", "\(kind)=again"], in: folder)
                #expect(again.status == 0, "\(kind): \(again.errors)")
                let there = FileManager.default
                #expect(
                    there.contentsEqual(
                        atPath: folder + "/again", andPath: folder + "/o.\(kind)"), "\(kind)")
            }
        }
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    private func lines(_ path: String) throws -> [[String: Any]] {
        try self.text(path).split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
    }

    private func checkJUnit(_ folder: String) throws {
        let schema = BuiltProgram.root.path + "/Tests/Golden/junit.xsd"
        let valid = try BuiltProgram.shell(
            "xmllint", ["--noout", "--schema", schema, folder + "/o.junit"])
        #expect(valid.status == 0)
        // The schema refuses what Jenkins would: a check that cannot fail shows nothing.
        let other = try self.text(folder + "/o.junit")
            .replacingOccurrences(of: "<testcase ", with: "<testcase file=\"files.yaml\" ")
        try BuiltProgram.write(other, to: "other.xml", in: folder)
        let refused = try BuiltProgram.shell(
            "xmllint", ["--noout", "--schema", schema, folder + "/other.xml"])
        #expect(refused.status != 0)
        let counts = try BuiltProgram.shell(
            "xmllint",
            [
                "--xpath",
                "concat(count(//testcase),' ',count(//failure),' ',count(//skipped),' ',"
                    + "/testsuite/@failures,' ',/testsuite/@skipped,' ',/testsuite/@name)",
                folder + "/o.junit",
            ])
        #expect(counts.output == "4 1 1 1 1 Files <of> & \"a\" 100% run\n")
    }

    private func checkK6(_ folder: String, _ report: [String: Any]) throws {
        let metrics =
            try BuiltProgram.json(folder + "/o.k6-summary")["metrics"] as? [String: [String: Any]]
            ?? [:]
        #expect(number(metrics["http_reqs"], "count") == 105)
        let duration = try #require(number(report, "run.duration"))
        let rate = try #require(number(metrics["http_reqs"], "rate"))
        #expect(abs(rate * duration - 105) < 0.001)
        #expect(number(metrics["checks"], "passes") == 90)
        #expect(number(metrics["checks"], "fails") == 15)
        #expect(metrics["http_req_waiting"]?["p(95)"] is NSNumber)
        let points = try self.lines(folder + "/o.k6-json")
            .filter { $0["type"] as? String == "Point" && $0["metric"] as? String == "http_reqs" }
        #expect(points.reduce(0) { $0 + (number($1, "data.value") ?? 0) } == 105)
    }

    private func checkSeconds(_ folder: String, _ report: [String: Any]) throws {
        let seconds = try self.lines(folder + "/o.ndjson")
        #expect(seconds.reduce(0) { $0 + (number($1, "offered") ?? 0) } == 105)
        #expect(try self.lines(folder + "/o.attempts").count == 105)
        let rows = try self.text(folder + "/o.csv").components(separatedBy: "\r\n")
        #expect(rows.last == "")
        let series = report["series"] as? [Any] ?? []
        #expect(rows.count == series.count + 2)
        let columns = rows.first?.components(separatedBy: ",") ?? []
        let good = try #require(columns.firstIndex(of: "good"))
        let sum = rows.dropFirst().dropLast().reduce(0) {
            $0 + (Int($1.components(separatedBy: ",")[good]) ?? 0)
        }
        #expect(sum == 90)
    }

    private func checkGitHub(_ folder: String) throws {
        let annotations = try self.text(folder + "/o.github")
        let lines = annotations.split(separator: "\n")
        #expect(lines.count == 2)
        let title = "title=Spate%3A #1%3A 100%25%2C <is> \"broken\"::"
        #expect(lines.first?.hasPrefix("::error file=files.yaml,line=19,\(title)") == true)
        #expect(lines.last?.hasPrefix("::warning file=files.yaml,line=20,") == true)
        let outputs = try self.text(folder + "/output").split(separator: "\n")
        #expect(outputs.first == "before=kept")
        for line in ["thresholds_broken=1", "thresholds_warned=1", "report_path=out/report.html"] {
            #expect(outputs.contains { $0 == line }, "\(line)")
        }
        let summary = try self.text(folder + "/summary")
        #expect(try summary == self.text(folder + "/o.markdown"))
    }

    /// The curve's last line has as many values as there were good answers, the longest one last.
    private func checkHistograms(_ folder: String, _ report: [String: Any]) throws {
        let curve = try self.text(folder + "/o.hdrplot").split(separator: "\n")
        #expect(curve.last == "#[Not good       =           15]")
        let ticks = curve.dropFirst().filter { !$0.hasPrefix("#") }
        let cells = ticks.last?.split(separator: " ").compactMap { Double($0) } ?? []
        #expect(cells.count == 4)
        let longest = try #require(number(report, "classes.genuine.response_ms.max"))
        #expect((cells.first ?? .infinity) <= longest + 0.01)
        let log = try self.text(folder + "/o.hlog").split(separator: "\n")
        #expect(log.first?.hasPrefix("#[Logged with Spate ") == true)
        let intervals = log.filter { $0.hasPrefix("Tag=") }
        #expect(intervals.allSatisfy { $0.split(separator: ",").count == 5 })
        #expect(
            Set(intervals.compactMap { $0.split(separator: ",").first })
                == ["Tag=people/good", "Tag=visitors/not_good"])
    }

    // MARK: - Places that cannot be written

    @Test(
        "A place that cannot be written is found before anything is sent.",
        arguments: [
            ("csv=gone/series.csv", "gone/series.csv cannot be written: there is no folder"),
            ("hlog=folder", "folder cannot be written: it is a folder"),
            ("junit=files.yaml/junit.xml", "files.yaml/junit.xml cannot be written"),
        ])
    func unwritable(_ output: String, _ message: String) async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario, to: "files.yaml", in: folder)
            try FileManager.default.createDirectory(
                atPath: folder + "/folder", withIntermediateDirectories: true)
            let run = try BuiltProgram.run(
                ["run", "files.yaml", "--out-dir", "out", "-o", output], in: folder)
            #expect(run.status == 64, "\(run.errors)")
            #expect(run.errors.contains(message), "\(run.errors)")
            #expect(run.errors.contains("hint: "))
            #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
        }
    }

    @Test("What GitHub names but nobody can write changes no exit code.")
    func gitHubFilesGone() async throws {
        try await BuiltProgram.withFolder { folder in
            let short = Self.scenario.replacingOccurrences(of: "duration: 3s", with: "duration: 1s")
            try BuiltProgram.write(short, to: "files.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "files.yaml", "--no-thresholds", "-o", "github"], in: folder,
                environment: [
                    "GITHUB_OUTPUT": folder + "/gone/output",
                    "GITHUB_STEP_SUMMARY": folder + "/gone/summary",
                ])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.contains("$GITHUB_OUTPUT \(folder)/gone/output cannot be written"))
        }
    }
}
