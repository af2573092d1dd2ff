import Foundation
import TestSupport
import Testing

/// One run, or refusal, per code of the contract; 96 is what comparisons are for.
@Suite("Exit codes that scripts rely on")
struct ExitCodeTests {
    /// Ten requests a second with some rules.
    private static func scenario(
        _ url: String, seconds: Int = 2, thresholds: String = ""
    ) -> String {
        """
        version: 1
        name: Codes
        target: \(url)
        scenarios:
          people:
            executor: constant-arrival-rate
            rate: 10/s
            duration: \(seconds)s
            flow: [ { get: / } ]
        \(thresholds)
        """
    }

    /// A server that answers everything with one status.
    private static func server(_ status: Int = 200) throws -> ScriptedServer {
        try ScriptedServer { connection in
            while connection.readRequest() != nil, connection.answer(status, body: "ok") {}
        }
    }

    /// Runs a scenario against such a server.
    private static func outcome(
        status: Int = 200, seconds: Int = 2, thresholds: String = "",
        arguments: [String] = [],
        _ look: (BuiltProgram.Outcome, _ folder: String, ScriptedServer) throws -> Void
    ) async throws {
        let server = try self.server(status)
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                self.scenario(server.url(""), seconds: seconds, thresholds: thresholds),
                to: "codes.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "codes.yaml", "--out-dir", "out"] + arguments, in: folder)
            try look(run, folder, server)
        }
    }

    private static let crossed = """
        thresholds:
          http_req_failed: [ "rate<50%" ]
        """

    @Test("0: everything is as expected, and so is an outage that nobody has a rule against.")
    func success() async throws {
        let rules = """
            thresholds:
              http_req_failed: [ "rate<1%" ]
              http_req_duration{scenario:people}: [ "p(95)<10s" ]
            """
        try await Self.outcome(thresholds: rules) { run, folder, _ in
            #expect(run.status == 0, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "thresholds.0.ok") as? Bool == true)
            #expect(number(report, "thresholds.0.value") == 0)
            #expect(number(report, "thresholds.0.line") == 11)
        }
        try await Self.outcome(status: 503) { run, _, _ in
            #expect(run.status == 0, "\(run.errors)")
        }
    }

    @Test("1: a folder that cannot be written is found before anything is sent.")
    func output() async throws {
        let server = try Self.server()
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario(server.url("")), to: "codes.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "codes.yaml", "--out-dir", "codes.yaml/out"], in: folder)
            #expect(run.status == 1)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("codes.yaml/out"), "\(run.errors)")
            #expect(server.accepted == 0)
        }
    }

    @Test("64: wrong arguments, said before anything is read.")
    func usage() async throws {
        try await BuiltProgram.withFolder { folder in
            for arguments in [["--max-duration", "60"], ["--max-duration", "0s"], ["--fly"]] {
                let run = try BuiltProgram.run(["run", "none.yaml"] + arguments, in: folder)
                #expect(run.status == 64, "\(arguments)")
                #expect(!run.errors.isEmpty)
            }
        }
    }

    @Test("95: a rule without samples never passes silently, unless it may be empty.")
    func inconclusive() async throws {
        let rule = """
            thresholds:
              http_req_tls_handshaking: [ { threshold: p(95)<1s, allowEmpty: false } ]
            """
        try await Self.outcome(thresholds: rule) { run, folder, _ in
            #expect(run.status == 95, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "thresholds.0.ok") == nil)
        }
        let lenient = rule.replacingOccurrences(of: "Empty: false", with: "Empty: true")
        try await Self.outcome(thresholds: lenient) { run, _, _ in #expect(run.status == 0) }
    }

    @Test("99: a crossed rule, and an expected failure that did not happen; a warning is none.")
    func crossedRule() async throws {
        try await Self.outcome(status: 503, thresholds: Self.crossed) { run, folder, _ in
            #expect(run.status == 99, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(number(report, "thresholds.0.value") == 1)
            #expect(number(report, "thresholds.0.first_broken") == 0)
            #expect((number(report, "thresholds.0.for") ?? 0) >= 2)
            // Made again from the journal, the report says the same.
            let before = try Data(contentsOf: URL(fileURLWithPath: folder + "/out/report.json"))
            #expect(try BuiltProgram.run(["report", "out"], in: folder).status == 0)
            let after = try Data(contentsOf: URL(fileURLWithPath: folder + "/out/report.json"))
            #expect(before == after)
        }
        let expected = """
            thresholds:
              http_req_failed: [ { threshold: "rate<50%", expect: fail } ]
            """
        try await Self.outcome(thresholds: expected) { run, _, _ in #expect(run.status == 99) }
        let warning = """
            thresholds:
              http_req_failed: [ { threshold: "rate<50%", severity: warning } ]
            """
        try await Self.outcome(status: 503, thresholds: warning) { run, folder, _ in
            #expect(run.status == 0)
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "thresholds.0.ok") as? Bool == false)
            #expect(value(report, "thresholds.0.severity") as? String == "warning")
        }
    }

    @Test("99 at once: abortOnFail ends the run, and the timeline says so.")
    func abort() async throws {
        let rule = """
            thresholds:
              http_req_failed: [ { threshold: "rate<50%", abortOnFail: true, delayAbortEval: 2s, name: alive } ]
            """
        try await Self.outcome(status: 503, seconds: 60, thresholds: rule) { run, folder, _ in
            #expect(run.status == 99, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "run.stopped") as? String == "threshold")
            let length = number(report, "run.duration") ?? 0
            #expect(length >= 2 && length < 30)
            #expect(value(report, "thresholds.0.aborted") as? Bool == true)
            #expect(value(report, "thresholds.0.ok") as? Bool == false)
            let stops = (value(report, "timeline") as? [[String: Any]] ?? []).filter {
                $0["kind"] as? String == "stop"
            }
            #expect(stops.count == 1)
            let label = stops.first?["label"] as? String ?? ""
            #expect(label.contains("alive: http_req_failed rate<50%"), "\(label)")
            RunTests.checkLedger(report)
            #expect(number(report, "totals.unfinished") == 0, "what is under way may finish")
        }
    }

    @Test("--no-thresholds leaves the rules aside; --exit-zero forgives what was found.")
    func forgiven() async throws {
        try await Self.outcome(
            status: 503, thresholds: Self.crossed, arguments: ["--no-thresholds"]
        ) { run, folder, _ in
            #expect(run.status == 0, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect((value(report, "thresholds") as? [Any])?.isEmpty == true)
        }
        try await Self.outcome(
            status: 503, thresholds: Self.crossed, arguments: ["--exit-zero"]
        ) { run, folder, _ in
            #expect(run.status == 0, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "thresholds.0.ok") as? Bool == false)
        }
    }

    @Test("--fail-on decides by all that was found, and says what it passes.")
    func failOn() async throws {
        let both = Self.crossed + "\n  http_req_tls_handshaking: [ p(95)<1s ]"
        let cases: [(failOn: String, status: Int32, passed: [String])] = [
            ("thresholds,inconclusive", 95, []),
            ("thresholds regression", 99, ["inconclusive (exit code 95)"]),
            ("time-limit", 0, ["inconclusive (exit code 95)", "thresholds (exit code 99)"]),
        ]
        for expected in cases {
            try await Self.outcome(
                status: 503, thresholds: both, arguments: ["--fail-on", expected.failOn]
            ) { run, _, _ in
                #expect(run.status == expected.status, "\(run.errors)")
                let suffix = ", which does not fail here"
                let passed = run.errors.split(separator: "\n").map(String.init)
                    .filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
                #expect(passed == expected.passed)
            }
        }
        for wrong in [
            ["--fail-on", "nothing"], ["--fail-on", ""], ["--fail-on=none", "--exit-zero"],
        ] {
            let run = try BuiltProgram.run(["run", "none.yaml"] + wrong, in: "/")
            #expect(run.status == 64, "\(wrong): \(run.errors)")
            #expect(run.errors.contains("--fail-on"))
        }
    }

    @Test("102: the time limit; it outranks a crossed rule.")
    func timeLimit() async throws {
        try await Self.outcome(
            status: 503, seconds: 60, thresholds: Self.crossed,
            arguments: ["--max-duration", "2s"]
        ) { run, folder, _ in
            #expect(run.status == 102, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "run.stopped") as? String == "time-limit")
            #expect((number(report, "run.duration") ?? 99) < 30)
            #expect(value(report, "thresholds.0.ok") as? Bool == false)
        }
    }

    @Test("104: a rule that can never be asked is found by 'check', with its place and a hint.")
    func invalid() async throws {
        try await BuiltProgram.withFolder { folder in
            let rules = """
                thresholds:
                  http_req_fialed: [ "rate<1%" ]
                  http_req_failed{class:genuin}: [ "rate<1%" ]
                  http_req_duration: [ { threshold: "p(95)<1s", for: 5m } ]
                """
            let text = Self.scenario("http://127.0.0.1:1", thresholds: rules)
            try BuiltProgram.write(text, to: "codes.yaml", in: folder)
            let check = try BuiltProgram.run(["check", "codes.yaml"], in: folder)
            #expect(check.status == 104)
            #expect(check.errors.contains("codes.yaml:11:3: unknown metric 'http_req_fialed'"))
            #expect(check.errors.contains("did you mean 'http_req_failed'?"))
            #expect(check.errors.contains("codes.yaml:12:3: unknown class 'genuin'"))
            let lasting = text.replacingOccurrences(of: "fialed", with: "failed")
                .replacingOccurrences(of: "genuin}", with: "genuine}")
                .replacingOccurrences(
                    of: "http_req_failed: [ \"rate<1%\" ]", with: "checks: [rate>0]")
            try BuiltProgram.write(lasting, to: "codes.yaml", in: folder)
            let long = try BuiltProgram.run(["check", "codes.yaml"], in: folder)
            #expect(long.status == 104)
            #expect(long.errors.contains("longer than the run"), "\(long.errors)")
        }
    }

    @Test("105: a signal, whatever else applies; the reports are written.")
    func signal() async throws {
        let server = try Self.server(503)
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                Self.scenario(server.url(""), seconds: 60, thresholds: Self.crossed),
                to: "codes.yaml", in: folder)
            let running = try BuiltProgram.start(
                ["run", "codes.yaml", "--out-dir", "out", "--exit-zero"], in: folder)
            try await Files.wait(for: folder + "/out/journal/windows.ndjson", toHoldLines: 2)
            running.send(SIGTERM)
            #expect(running.finish().status == 105)
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "thresholds.0.ok") as? Bool == false)
        }
    }

    @Test("106: a port that is taken.")
    func taken() async throws {
        let server = try Self.server()
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            let intake = try BuiltProgram.run(
                ["intake", "--port", "\(server.port)", "--data-dir", folder + "/data"], in: folder)
            #expect(intake.status == 106, "\(intake.errors)")
            #expect(intake.errors.contains("\(server.port)"), "\(intake.errors)")
        }
    }

    @Test("107: a host that has not agreed; nothing is sent and nothing is left.")
    func notAgreed() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                Self.scenario("http://intake.invalid"), to: "codes.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "codes.yaml"], in: folder)
            #expect(run.status == 107)
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
        }
    }

    @Test("What is told about the codes is what is done.")
    func told() async throws {
        try await BuiltProgram.withFolder { folder in
            let told = try BuiltProgram.run(["exit-codes"], in: folder).output
            for code in [0, 1, 64, 95, 96, 99, 102, 104, 105, 106, 107] {
                let line = String(repeating: " ", count: 3 - "\(code)".count) + "\(code)  "
                #expect(told.contains(line), "\(code)")
            }
            #expect(told.contains("104 > 107 > 106 > 105 > 102 > 95 > 99 > 96"))
        }
    }
}
