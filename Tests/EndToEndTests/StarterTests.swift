import Foundation
import Testing

@Suite("What 'new' writes can be run as it is")
struct StarterTests {
    /// How the template is shortened for the test; its rates stay.
    @Test(
        "Each template runs against the bundled intake.",
        arguments: [
            ("smoke", ["--duration", "3s"]), ("soak", ["--duration", "4s"]),
            ("upload", ["--time-scale", "10"]), ("viral-flood", ["--time-scale", "6000"]),
            ("retry-storm", ["--time-scale", "15"]), ("slow-loris", ["--time-scale", "10"]),
            ("cache-stampede", ["--time-scale", "10"]),
        ])
    func runs(template: String, shortened: [String]) async throws {
        try await BuiltProgram.withFolder { folder in
            let written = try BuiltProgram.run(["new", template, "-o", "it.yaml"], in: folder)
            #expect(written.status == 0, "\(written.errors)")
            let outcome = try BuiltProgram.run(
                ["run", "it.yaml", "--out-dir", "out", "--live", "off"] + shortened, in: folder)
            // Shortened so far, what it expects of an outage need not come true.
            #expect([0, 95, 99].contains(outcome.status), "\(template): \(outcome.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect((number(report, "totals.attempts_completed") ?? 0) > 10)
            #expect(number(report, "totals.dropped") == 0)
        }
    }

    @Test("A second run into the same folder is refused, and the first one's files stay.")
    func twoRunsIntoOneFolder() async throws {
        try await BuiltProgram.withFolder { folder in
            _ = try BuiltProgram.run(["new", "smoke", "-o", "it.yaml"], in: folder)
            let run = ["run", "it.yaml", "--out-dir", "out", "--live", "off", "--duration", "1s"]
            let first = try BuiltProgram.run(run, in: folder)
            #expect([0, 95].contains(first.status), "\(first.errors)")
            let before = try Self.contents(of: folder + "/out")
            let second = try BuiltProgram.run(run, in: folder)
            #expect(second.status == 1)
            #expect(second.output.isEmpty)
            #expect(second.errors.contains("out exists and is not empty"))
            #expect(second.errors.contains("hint: nothing was started"))
            #expect(try Self.contents(of: folder + "/out") == before)
        }
    }

    @Test("A variable stands for an option, the command line wins, and the command keeps both.")
    func environment() async throws {
        try await BuiltProgram.withFolder { folder in
            _ = try BuiltProgram.run(["new", "smoke", "-o", "it.yaml"], in: folder)
            let plan = ["plan", "it.yaml", "--json"]
            // What is free on the machine moves between two calls.
            let moving = ["\"diskFree\"", "\"memory\" :", "\"available\""]
            func steady(_ text: String) -> [Substring] {
                text.split(separator: "\n").filter { line in
                    !moving.contains { line.contains($0) }
                }
            }
            let variables = ["SPATE_SEED": "77", "SPATE_OUT_DIR": "elsewhere"]
            let told = try BuiltProgram.run(plan, in: folder, environment: variables)
            let given = try BuiltProgram.run(plan + ["--seed", "77"], in: folder)
            let other = try BuiltProgram.run(
                plan + ["--seed=5"], in: folder, environment: variables)
            #expect(told.status == 0, "\(told.errors)")
            #expect(steady(told.output) == steady(given.output))
            #expect(steady(told.output) != steady(other.output))
            let wrong = try BuiltProgram.run(
                plan, in: folder, environment: ["SPATE_SEED": "many"])
            #expect(wrong.status == 64)
            #expect(wrong.errors.contains("hint: the environment sets SPATE_SEED"))
        }
    }

    @Test("A terminal gets what it can show: its width, its characters, its colours.")
    func terminal() async throws {
        try await BuiltProgram.withFolder { folder in
            _ = try BuiltProgram.run(["new", "smoke", "-o", "it.yaml"], in: folder)
            let run = ["run", "it.yaml", "--out-dir", "out", "-q", "--duration", "1s"]
            #expect([0, 95].contains(try BuiltProgram.run(run, in: folder).status))
            func shown(_ environment: String, columns: Int = 60) throws -> String {
                let command =
                    "stty cols \(columns) rows 24; cd '\(folder)'; env -u LANG -u LC_CTYPE "
                    + "-u CI -u NO_COLOR -u FORCE_COLOR \(environment) '\(BuiltProgram.folder)/spate' report out"
                return try BuiltProgram.shell(
                    "script", ["--quiet", "--return", "--command", command, "/dev/null"]
                ).output
            }
            let wide = try shown("TERM=xterm LC_ALL=C.UTF-8")
            #expect(wide.contains(" · "), "\(wide)")
            #expect(wide.contains("\u{1B}["))
            #expect(try !shown("TERM=xterm LC_ALL=C.UTF-8 NO_COLOR=1").contains("\u{1B}"))
            #expect(try !shown("TERM=dumb LC_ALL=C.UTF-8").contains("\u{1B}"))
            let plain = try shown("TERM=dumb LC_ALL=C")
            #expect(plain.utf8.allSatisfy { $0 < 0x80 })
            #expect(plain.contains(" - valid") || plain.contains(" - suspect"), "\(plain)")
            let narrow = try shown("TERM=dumb LC_ALL=C", columns: 20)
            let lines = narrow.split(whereSeparator: \.isNewline)
                .filter { !$0.hasPrefix("Report") && !$0.contains("out/report.html") }
            #expect(lines.allSatisfy { $0.count <= 20 }, "\(narrow)")
        }
    }

    private static func contents(of folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        let names = FileManager.default.enumerator(atPath: folder)?.allObjects ?? []
        for case let name as String in names {
            files[name] = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
        }
        return files
    }
}
