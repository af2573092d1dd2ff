import Foundation
import Testing

@Suite("Comparing runs on the command line")
struct CompareTests {
    /// Four seconds of tips against the bundled intake.
    private static let scenario = """
        version: 1
        name: Gate
        target: { intake: { workers: 8, serviceTime: 20ms } }
        scenarios:
          tips:
            executor: constant-arrival-rate
            rate: 30/s
            duration: 4s
            flow: [ { post: { url: /v1/tips, multipart: { text: "tip {{ $seq }}" } } } ]

        """

    /// A run's report with other response times, as if another run had been made.
    private func variant(
        of report: String, to path: String, _ number: Int, factor: Double,
        change: (inout [String: Any]) -> Void = { _ in }
    ) throws {
        var document = try BuiltProgram.json(report)
        var run = document["run"] as? [String: Any] ?? [:]
        run["id"] = "variant-\(path)-\(number)"
        document["run"] = run
        var classes = document["classes"] as? [String: Any] ?? [:]
        var genuine = classes["genuine"] as? [String: Any] ?? [:]
        var times = genuine["response_ms"] as? [String: Any] ?? [:]
        times["p50"] = 100 * factor * (1 + Double(number) / 200)
        times["p90"] = 120 * factor * (1 + Double(number) / 200)
        genuine["response_ms"] = times
        classes["genuine"] = genuine
        document["classes"] = classes
        var validity = document["validity"] as? [String: Any] ?? [:]
        validity["state"] = "valid"
        validity["disturbed"] = false
        document["validity"] = validity
        change(&document)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        try JSONSerialization.data(withJSONObject: document)
            .write(to: URL(fileURLWithPath: "\(path)/\(number).json"))
    }

    /// One real run, five reports as fast, five slower by a half.
    private func withGroups(
        _ body: (String) async throws -> Void
    ) async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario, to: "gate.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "gate.yaml", "--out-dir", "one"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            for number in 0..<5 {
                for (name, factor) in [("base", 1.0), ("same", 1.001), ("slow", 1.5)] {
                    try self.variant(
                        of: folder + "/one/report.json", to: folder + "/" + name, number,
                        factor: factor)
                }
            }
            try await body(folder)
        }
    }

    private func files(_ name: String, _ count: Int = 5) -> [String] {
        (0..<count).map { "\(name)/\($0).json" }
    }

    @Test("Equal groups exit 0, slower ones 96, too few runs 95.")
    func verdicts() async throws {
        try await self.withGroups { folder in
            let base = self.files("base")
            let equal = try BuiltProgram.run(
                ["compare"] + base + ["--"] + self.files("same"), in: folder)
            #expect(equal.status == 0, "\(equal.output)\(equal.errors)")
            #expect(equal.output.contains("PASS: "))
            let slower = try BuiltProgram.run(
                ["compare", base.joined(separator: ",")] + self.files("slow")
                    + ["-o", "html=c.html", "-o", "markdown=c.md"], in: folder)
            #expect(slower.status == 96, "\(slower.output)\(slower.errors)")
            #expect(slower.output.contains("REGRESSION: response p50 is worse by 50 %"))
            #expect(FileManager.default.fileExists(atPath: folder + "/c.html"))
            #expect(FileManager.default.fileExists(atPath: folder + "/c.md"))
            let faster = try BuiltProgram.run(
                ["compare", "--json"] + self.files("slow") + ["--"] + base, in: folder)
            #expect(faster.status == 0, "\(faster.output)\(faster.errors)")
            #expect(faster.output.contains("\"verdict\" : \"pass\""))
            #expect(faster.output.contains("\"finding\" : \"improvement\""))
            let few = try BuiltProgram.run(
                ["compare"] + self.files("base", 3) + ["--"] + self.files("slow", 3), in: folder)
            #expect(few.status == 95, "\(few.output)\(few.errors)")
            #expect(few.output.contains("INCONCLUSIVE: 3 against 3 runs cannot show any change"))
            let wide = try BuiltProgram.run(
                ["compare", "--max-regression", "60%"] + base + ["--"] + self.files("slow"),
                in: folder)
            #expect(wide.status == 0, "\(wide.output)\(wide.errors)")
        }
    }

    @Test("Another machine or time scale is refused with 95, and compared by force.")
    func refusals() async throws {
        try await self.withGroups { folder in
            for number in 0..<5 {
                try self.variant(
                    of: folder + "/one/report.json", to: folder + "/other", number, factor: 1
                ) { document in
                    var run = document["run"] as? [String: Any] ?? [:]
                    var host = run["host"] as? [String: Any] ?? [:]
                    host["name"] = "elsewhere"
                    run["host"] = host
                    run["time_scale"] = 60
                    document["run"] = run
                }
            }
            let groups = self.files("base") + ["--"] + self.files("other")
            let refused = try BuiltProgram.run(["compare"] + groups, in: folder)
            #expect(refused.status == 95)
            #expect(refused.errors.contains("spate: not comparable: other machines: "))
            #expect(refused.errors.contains("spate: not comparable: other time scales: 1.0 and 60"))
            let forced = try BuiltProgram.run(["compare", "--force"] + groups, in: folder)
            #expect(forced.status == 0, "\(forced.output)\(forced.errors)")
            #expect(forced.output.contains("compared all the same (--force): other machines"))
        }
    }

    @Test("What is no report is named, with a hint, and exits 64.")
    func broken() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write("{\"schema\":\"spate/report/1\",", to: "cut.json", in: folder)
            try BuiltProgram.write("{\"schema\":\"k6/1\"}", to: "k6.json", in: folder)
            try BuiltProgram.write(
                "{\"schema\":\"spate/baseline/1\",\"runs\":[{\"id\":1}]}", to: "odd.json",
                in: folder)
            try FileManager.default.createDirectory(
                atPath: folder + "/empty", withIntermediateDirectories: true)
            for (path, message) in [
                ("cut.json", "cut.json is no JSON object"),
                (
                    "k6.json",
                    "k6.json is neither a report nor a saved baseline: its schema is 'k6/1'"
                ),
                ("odd.json", "odd.json is damaged at 'runs."),
                ("empty", "empty is neither a run's folder nor a folder of runs"),
                ("none.json", "none.json: no such file or folder"),
            ] {
                let refused = try BuiltProgram.run(["compare", path, "k6.json"], in: folder)
                #expect(refused.status == 64)
                #expect(refused.errors.contains("spate: " + message), "\(refused.errors)")
                #expect(refused.errors.contains("hint: "))
                #expect(refused.output.isEmpty)
            }
            let alone = try BuiltProgram.run(["compare", "k6.json"], in: folder)
            #expect(alone.status == 64)
        }
    }

    @Test("A run beside a saved baseline: advisory, comparison kept, another load refused first.")
    func saved() async throws {
        try await self.withGroups { folder in
            let kept = try BuiltProgram.run(
                ["compare", "--save", "gate.json", "one"], in: folder)
            #expect(kept.status == 0, "\(kept.errors)")
            let beside = try BuiltProgram.run(
                ["run", "gate.yaml", "--baseline", "gate.json", "--out-dir", "two"], in: folder)
            // Four seconds are too few for an interval: it says so and decides nothing.
            #expect(beside.status == 95, "\(beside.output)\(beside.errors)")
            #expect(beside.output.contains("advisory: one run each"))
            for file in ["comparison.json", "comparison.html", "comparison.md", "report.json"] {
                #expect(FileManager.default.fileExists(atPath: folder + "/two/" + file))
            }
            // Whoever only wants to be told is told, and stdout is the output's alone.
            let forgiven = try BuiltProgram.run(
                [
                    "run", "gate.yaml", "--baseline", "gate.json", "--out-dir", "told",
                    "--exit-zero", "-o", "junit=-",
                ], in: folder)
            #expect(forgiven.status == 0, "\(forgiven.output)\(forgiven.errors)")
            #expect(forgiven.output.hasPrefix("<?xml"))
            #expect(forgiven.output.hasSuffix("</testsuite>\n"))
            #expect(forgiven.errors.contains("advisory: one run each"))
            let other = try BuiltProgram.run(
                [
                    "run", "gate.yaml", "--rate-factor", "2", "--baseline", "gate.json",
                    "--out-dir", "three",
                ], in: folder)
            #expect(other.status == 95)
            #expect(other.errors.contains("spate: not comparable with gate.json: the scenario"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/three"))
            try BuiltProgram.write("[]", to: "list.json", in: folder)
            let broken = try BuiltProgram.run(
                ["run", "gate.yaml", "--baseline", "list.json", "--out-dir", "four"], in: folder)
            #expect(broken.status == 64)
            #expect(!FileManager.default.fileExists(atPath: folder + "/four"))
        }
    }

    @Test("Repeats have the same seed and a folder each; two targets alternate A B B A.")
    func repeats() async throws {
        try await BuiltProgram.withFolder { folder in
            let short = Self.scenario.replacingOccurrences(of: "duration: 4s", with: "duration: 1s")
            try BuiltProgram.write(short, to: "gate.yaml", in: folder)
            // Nobody listens there: every request is refused at once.
            let url = "http://127.0.0.1:1"
            let run = try BuiltProgram.run(
                [
                    "run", "gate.yaml", "--target", url, "--baseline-target", url, "--repeat", "2",
                    "--out-dir", "pairs", "--live", "off", "-o", "junit=o.junit", "-o", "csv",
                    "-o", "github",
                ], in: folder, environment: ["GITHUB_OUTPUT": folder + "/outputs"])
            #expect(run.status == 95, "two against two show nothing: \(run.output)\(run.errors)")
            let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("Run ") }
            #expect(
                lines == [
                    "Run 1 of 4, base", "Run 2 of 4, new", "Run 3 of 4, new", "Run 4 of 4, base",
                ])
            for name in ["base-1", "base-2", "new-1", "new-2"] {
                let report = try BuiltProgram.json(folder + "/pairs/\(name)/report.json")
                #expect(number(report, "run.seed") == 1)
                let series = folder + "/pairs/\(name)/series.csv"
                #expect(FileManager.default.fileExists(atPath: series), "\(name)")
            }
            // The last one of all was of the baseline; what is named is of the last new one.
            #expect(
                FileManager.default.contentsEqual(
                    atPath: folder + "/o.junit", andPath: folder + "/pairs/new-2/junit.xml"))
            let outputs = try String(contentsOfFile: folder + "/outputs", encoding: .utf8)
            #expect(
                outputs.split(separator: "\n").filter { $0.hasPrefix("report_path=") } == [
                    "report_path=pairs/new-1/report.html", "report_path=pairs/new-2/report.html",
                ])
            #expect(FileManager.default.fileExists(atPath: folder + "/pairs/comparison.html"))
            let beside = try BuiltProgram.run(
                ["report", "pairs/new-1", "--beside", "pairs/base-1"], in: folder)
            #expect(beside.status == 0, "\(beside.errors)")
            for name in ["report.html", "report.md"] {
                let path = folder + "/pairs/new-1/" + name
                let text = try String(contentsOfFile: path, encoding: .utf8)
                #expect(text.contains("offered by the plan; baseline "), "\(name)")
            }
            // Runs of two servers are no one group.
            let mixed = try BuiltProgram.run(
                ["compare", "--save", "both.json", "pairs"], in: folder)
            #expect(mixed.status == 64)
            #expect(mixed.errors.contains("pairs holds both groups of a comparison"))
        }
    }
}
