import Foundation
import Testing

@Suite("The command line, as its user meets it")
struct CommandLineTests {
    @Test("An unknown verb, an unknown flag and a malformed pair exit 64.")
    func usage() async throws {
        try await BuiltProgram.withFolder { folder in
            for arguments in [["fly"], ["run", "--sideways", "x.yaml"], ["run", "x", "-e", "K"]] {
                let outcome = try BuiltProgram.run(arguments, in: folder)
                #expect(outcome.status == 64, "\(arguments)")
                #expect(outcome.output.isEmpty)
                #expect(!outcome.errors.isEmpty)
            }
        }
    }

    @Test("Help names every verb, and each verb has help of its own.")
    func help() async throws {
        try await BuiltProgram.withFolder { folder in
            let help = try BuiltProgram.run(["--help"], in: folder)
            #expect(help.status == 0)
            for verb in [
                "run", "check", "plan", "hit", "report", "explain", "new", "schema", "intake",
                "doctor", "exit-codes", "investigate",
            ] {
                #expect(help.output.contains("  \(verb) "), "\(verb) is missing")
                let own = try BuiltProgram.run([verb, "--help"], in: folder)
                #expect(own.status == 0)
                // `intake` hands its arguments on, help included.
                let program = verb == "intake" ? "spate-intake" : "spate \(verb)"
                #expect(own.output.contains("USAGE: \(program)"), "\(own.output)")
            }
        }
    }

    @Test("A scenario with mistakes exits 104, shows them all, and leaves nothing behind.")
    func invalidScenario() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: http://127.0.0.1:1
                scenarios:
                  a:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 60
                    flow:
                      - get: { url: /, timeuot: 1s }
                """, to: "bad.yaml", in: folder)
            for verb in ["run", "check", "plan"] {
                let outcome = try BuiltProgram.run([verb, "bad.yaml"], in: folder)
                #expect(outcome.status == 104)
                #expect(outcome.output.isEmpty)
                #expect(outcome.errors.contains("bad.yaml:7:15: "))
                #expect(outcome.errors.contains("60 has no unit; write 60s or 60ms"))
                #expect(outcome.errors.contains("did you mean 'timeout'?"))
            }
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
        }
    }

    @Test("A mistake that only planning can find is shown in the file's text, too.")
    func missingBody() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: http://127.0.0.1:1
                scenarios:
                  a:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1s
                    flow:
                      - post: { url: /, file: missing.mp4 }
                """, to: "body.yaml", in: folder)
            let outcome = try BuiltProgram.run(["check", "body.yaml"], in: folder)
            #expect(outcome.status == 104)
            #expect(outcome.errors.hasPrefix("body.yaml:9:15: there is no file missing.mp4 in "))
            #expect(outcome.errors.contains("    9 |       - post: { url: /, file: missing.mp4 }"))
            #expect(outcome.errors.contains("1 mistake in body.yaml"))
        }
    }

    @Test(
        "A file that is not there, a folder and binary data exit 104 with one line and a hint each."
    )
    func unreadable() async throws {
        try await BuiltProgram.withFolder { folder in
            try Data([0xFF, 0xFE, 0x00, 0x80]).write(
                to: URL(fileURLWithPath: folder + "/binary.yaml"))
            for name in ["missing.yaml", ".", "binary.yaml"] {
                let outcome = try BuiltProgram.run(["run", name], in: folder)
                #expect(outcome.status == 104, "\(name)")
                let lines = outcome.errors.split(separator: "\n")
                #expect(lines.count == 2, "\(outcome.errors)")
                #expect(lines.last?.hasPrefix("hint: ") == true)
            }
        }
    }

    @Test("A host that is not loopback exits 107 and leaves nothing behind.")
    func refusedHost() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.copyScenarios(to: folder)
            let outcome = try BuiltProgram.run(
                ["run", "scenarios/smoke.yaml", "--target", "http://intake.invalid/"], in: folder)
            #expect(outcome.status == 107)
            #expect(outcome.errors.contains("nothing was sent"))
            #expect(outcome.errors.contains("--allow-host intake.invalid"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
            let hit = try BuiltProgram.run(
                ["hit", "http://192.0.2.1/", "-c", "1", "-n", "1"], in: folder)
            #expect(hit.status == 107)
        }
    }

    @Test("The same seed lists the same arrivals, byte for byte; another seed does not.")
    func arrivalsAreReproducible() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.copyScenarios(to: folder)
            let plan = ["plan", "--arrivals", "scenarios/viral-flood.yaml"]
            let first = try BuiltProgram.run(plan, in: folder)
            let second = try BuiltProgram.run(plan, in: folder)
            let other = try BuiltProgram.run(plan + ["--seed", "7"], in: folder)
            #expect(first.status == 0)
            #expect(first.output.split(separator: "\n").count > 15_000)
            #expect(first.output == second.output)
            #expect(first.output != other.output)
        }
    }

    @Test("Both schemas are JSON.")
    func schemas() async throws {
        try await BuiltProgram.withFolder { folder in
            for arguments in [["schema"], ["schema", "--report"]] {
                let outcome = try BuiltProgram.run(arguments, in: folder)
                let parsed = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
                #expect((parsed as? [String: Any])?["$schema"] != nil)
            }
        }
    }

    @Test("What 'new' writes is a valid scenario, and it overwrites nothing.")
    func starters() async throws {
        try await BuiltProgram.withFolder { folder in
            let listed = try BuiltProgram.run(["new", "--list"], in: folder).output
            let templates = listed.split(separator: "\n").compactMap {
                $0.split(separator: " ").first
            }
            #expect(templates.count == 7)
            for template in templates.map(String.init) {
                let file = "\(template).yaml"
                let written = try BuiltProgram.run(["new", template, "-o", file], in: folder)
                #expect(written.status == 0)
                let checked = try BuiltProgram.run(["check", file], in: folder)
                #expect(checked.status == 0, "\(checked.errors)")
                #expect(
                    try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
                        .contains("\nprobes:"))
                let again = try BuiltProgram.run(["new", template, "-o", file], in: folder)
                #expect(again.status == 1)
                #expect(again.errors.contains("File exists"))
            }
        }
    }
}
