import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Telemetry of a whole run")
struct TelemetryTests {
    private static let scenario = """
        version: 1
        name: Told
        target: { intake: { workers: 4, serviceTime: 2ms } }
        http: { tracing: true }
        scenarios:
          tips:
            executor: constant-arrival-rate
            rate: 40/s
            duration: 4s
            flow: [ { post: { url: /v1/tips, multipart: { text: a tip } } } ]
        """

    /// What a collector that does its work has received.
    private final class Received: Sendable {
        let lines = Mutex<[String]>([])
        let tokens = Mutex<Set<String>>([])

        func server() throws -> ScriptedServer {
            try ScriptedServer { connection in
                while let request = connection.readRequest() {
                    let text = String(decoding: request.body, as: UTF8.self)
                    self.lines.withLock { $0 += text.split(separator: "\n").map(String.init) }
                    self.tokens.withLock { $0.formUnion([request.header("authorization") ?? ""]) }
                    guard connection.answer(204) else { return }
                }
            }
        }

        /// The last value of a counter, all its series together.
        func sum(_ name: String) -> Int {
            var values: [Substring: Int] = [:]
            for line in self.lines.withLock({ $0 }) where line.hasPrefix(name + ",") {
                let parts = line.split(separator: " ")
                guard parts.count >= 3 else { continue }
                values[parts[0]] = Int(parts[parts.count - 2].dropFirst(6).dropLast())
            }
            return values.values.reduce(0, +)
        }
    }

    @Test("Collectors that hang and fail change nothing but the count of what they lost.")
    func badCollectors() async throws {
        let received = Received()
        let well = try received.server()
        let ill = try ScriptedServer { connection in
            while connection.readRequest() != nil {
                guard connection.answer(500, body: "no disk") else { return }
            }
        }
        let stuck = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.holdUntilClosed()
        }
        defer { for server in [well, ill, stuck] { server.stop() } }
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario, to: "told.yaml", in: folder)
            let run = try BuiltProgram.run(
                [
                    "run", "told.yaml", "--out-dir", "out",
                    "--telemetry", "influx=\(well.url("/write?db=x&p=canary-query"))",
                    "--telemetry", "otlp=\(ill.url("/"))",
                    "--telemetry=prometheus=\(stuck.url("/"))",
                    "--telemetry-header", "influx=Authorization: Token canary-header=",
                ], in: folder, environment: ["SPATE_TELEMETRY_HEADERS": "X-Key=canary-variable"])
            #expect(run.status == 0, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            RunTests.checkLedger(report)
            #expect(number(report, "totals.dropped") == 0)
            #expect(number(report, "totals.intents") == 160)
            let exports = try #require(value(report, "telemetry") as? [[String: Any]])
            let kinds = exports.compactMap { $0["kind"] as? String }
            #expect(kinds == ["influx", "otlp", "prometheus"])
            let told = (number(exports, "0.sent") ?? 0) + (number(exports, "0.lost") ?? 0)
            #expect(told >= 4)
            #expect(number(exports, "0.lost") == 0)
            for place in 1...2 {
                #expect(number(exports, "\(place).sent") == 0)
                #expect(number(exports, "\(place).lost") == told)
            }
            #expect(value(exports, "1.trouble") as? String == "HTTP 500: no disk")
            #expect(value(exports, "2.trouble") as? String != nil)
            let loss = "otlp http://127.0.0.1:\(ill.port)/v1/metrics did not take"
            #expect(run.errors.contains(loss))
            // What arrived is what the report says.
            #expect(Double(received.sum("k6_http_reqs")) == number(report, "totals.attempts"))
            #expect(received.sum("spate_intents_offered") == 160)
            #expect(received.tokens.withLock { $0 } == ["Token canary-header="])
            try Self.expectNoCanary(in: folder)
            // The report can be made again, to the byte.
            let before = try Data(contentsOf: URL(fileURLWithPath: folder + "/out/report.json"))
            _ = try BuiltProgram.run(["report", "out"], in: folder)
            let after = try Data(contentsOf: URL(fileURLWithPath: folder + "/out/report.json"))
            #expect(before == after)
            try Self.checkTraces(folder)
        }
    }

    /// Nothing secret stands in any file of the run.
    private static func expectNoCanary(in folder: String) throws {
        let found = try BuiltProgram.shell("grep", ["-rl", "canary", folder])
        #expect(found.output.isEmpty)
        let report = try BuiltProgram.json(folder + "/out/report.json")
        let command = value(report, "run.command") as? String ?? ""
        #expect(command.contains("--telemetry-header ***"))
        #expect(command.contains("/write?***"))
    }

    /// Every listed attempt has ids of its own, and an intent's attempts share their trace.
    private static func checkTraces(_ folder: String) throws {
        let text = try String(
            contentsOfFile: folder + "/out/journal/attempts.ndjson", encoding: .utf8)
        var spans: Set<String> = []
        var traces: [Int: Set<String>] = [:]
        var count = 0
        for line in text.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            spans.insert(try #require(object?["span"] as? String))
            let intent = try #require(object?["intent"] as? Int)
            traces[intent, default: []].insert(try #require(object?["trace"] as? String))
            count += 1
        }
        #expect(count > 20)
        #expect(spans.count == count)
        #expect(traces.values.allSatisfy { $0.count == 1 })
        #expect(Set(traces.values.flatMap { $0 }).count == traces.count)
    }

    @Test("A port that is taken ends it with 106 before anything is sent or written.")
    func takenPort() async throws {
        let other = try ScriptedServer(script: nil)
        defer { other.stop() }
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario, to: "told.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "told.yaml", "--serve-metrics", "\(other.port)"], in: folder)
            #expect(run.status == 106)
            #expect(run.errors.contains("--serve-metrics: 127.0.0.1:\(other.port)"))
            #expect(run.errors.contains("hint: "))
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
        }
    }

    @Test("The page can be scraped in the run and, with --linger, after it; Ctrl-C ends that.")
    func scraped() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario, to: "told.yaml", in: folder)
            let running = try BuiltProgram.start(
                [
                    "run", "told.yaml", "--out-dir", "out", "--serve-metrics", "0", "--linger",
                    "60s",
                ], in: folder)
            try await Files.wait(for: folder + "/.stderr", toContain: "stays for")
            let errors = try String(contentsOfFile: folder + "/.stderr", encoding: .utf8)
            let lines = errors.split(separator: "\n")
            let line = try #require(lines.first { $0.hasPrefix("Metrics: ") })
            let url = String(line.dropFirst("Metrics: ".count))
            let page = try BuiltProgram.shell("curl", ["-s", "--max-time", "10", url]).output
            running.send(SIGINT)
            let outcome = running.finish()
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(page.contains("# TYPE k6_http_reqs_total counter\n"))
            let offered = page.firstMatch(of: #/\nspate_intents_offered_total\{[^}]*\} (\d+)\n/#)
            #expect(offered?.output.1 == "160", "\(page)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "run.stopped") as? String == "finished")
            #expect(report["telemetry"] == nil)
        }
    }

    @Test(
        "Mistakes in the arguments end it with 64.",
        arguments: [
            ["--telemetry", "statsd=http://127.0.0.1:1"], ["--telemetry", "otlp=nonsense://h"],
            ["--telemetry-header", "canary", "--telemetry", "otlp=http://127.0.0.1:1"],
            ["--serve-metrics", "no"], ["--linger", "5s"],
            ["--linger", "5", "--serve-metrics", "0"],
        ])
    func mistakes(arguments: [String]) async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario, to: "told.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "told.yaml"] + arguments, in: folder)
            #expect(run.status == 64)
            #expect(!run.errors.contains("canary"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
        }
    }
}
