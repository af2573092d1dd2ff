import Foundation
import TestSupport
import Testing

@Suite("What a run samples of the server's side")
struct ProbeTests {
    private static func scenario(_ extra: String) -> String {
        """
        version: 1
        name: Probed
        target: { intake: { workers: 1, serviceTime: 200ms, queue: 100, backlog: 33 } }
        \(extra)
        scenarios:
          tips:
            executor: constant-arrival-rate
            rate: 20/s
            duration: 4s
            gracefulStop: 1s
            flow: [ { post: { url: /v1/tips, multipart: { text: a tip } } } ]
        """
    }

    /// The server's samples of a run, each figure with its values in order.
    private static func figures(_ folder: String) throws -> [String: [Double]] {
        var figures: [String: [Double]] = [:]
        let text = try String(
            contentsOfFile: folder + "/out/journal/samples.ndjson", encoding: .utf8)
        for line in text.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let sample = object?["server"] as? [String: Any]
            for (name, value) in sample?["values"] as? [String: Double] ?? [:] {
                figures[name, default: []].append(value)
            }
        }
        return figures
    }

    /// The tallies by source, of the closing line.
    private static func tallies(_ folder: String) throws -> [String: [String: Any]] {
        let text = try String(
            contentsOfFile: folder + "/out/journal/events.ndjson", encoding: .utf8)
        let last = try #require(text.split(separator: "\n").last)
        let object = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
        let probes = value(object ?? [:], "closing.probes") as? [[String: Any]] ?? []
        return Dictionary(
            probes.map { ($0["name"] as? String ?? "", $0) }, uniquingKeysWith: { $1 })
    }

    @Test("The bundled intake's process and machine are read without being asked for.")
    func bundled() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                Self.scenario(
                    """
                    probes:
                      control: /healthz
                      prometheus: { url: /nothing, metrics: { a: own.a } }
                    """), to: "a.yaml", in: folder)
            let check = try BuiltProgram.run(["check", "a.yaml"], in: folder)
            #expect(check.output == "a.yaml: valid, 1 population, probes: page, control\n")
            let plan = try BuiltProgram.run(["plan", "a.yaml"], in: folder)
            #expect(plan.output.contains("server's side, once a second\n  process  the bundled"))
            let run = try BuiltProgram.run(["run", "a.yaml", "--out-dir", "out"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let figures = try Self.figures(folder)
            for name in [
                "cpu.user", "cpu.sys", "cpu.cores", "mem.rss", "fds.open", "fds.limit", "threads",
                "listen.recvq", "listen.sendq", "proc.pid", "proc.start_time", "proc.restarts",
                "psi.cpu.some", "tcpext.ListenOverflows", "disk.free_bytes", "app.workers_busy",
                "app.shed", "control.ok", "control.ms",
            ] {
                #expect(figures[name]?.count ?? 0 >= 3, "\(name)")
            }
            #expect(Set(figures["listen.sendq"] ?? []) == [33])
            #expect(Set(figures["proc.pid"] ?? []).count == 1)
            #expect(Set(figures["proc.restarts"] ?? []) == [0])
            #expect(Set(figures["control.ok"] ?? []) == [1])
            #expect(figures["mem.rss"]?.min() ?? 0 > 1_000_000)
            // It sleeps for each tip: its time grows, and far less than the run's.
            let time = figures["cpu.user"] ?? []
            #expect(time == time.sorted())
            let tallies = try Self.tallies(folder)
            #expect(Set(tallies.keys) == ["process", "host", "control", "page"])
            #expect(number(tallies["process"] ?? [:], "clockOffset") == 0)
            #expect(number(tallies["process"] ?? [:], "readings") ?? 0 >= 3)
            // The page that is not there is a warning, told once.
            #expect(number(tallies["page"] ?? [:], "readings") == 0)
            let warning = "/nothing answers with status 404"
            let events = try String(
                contentsOfFile: folder + "/out/journal/events.ndjson", encoding: .utf8)
            #expect(events.components(separatedBy: warning).count == 2)
            let report = try String(contentsOfFile: folder + "/out/report.json", encoding: .utf8)
            #expect(report.contains("answers with status 404"))
        }
    }

    @Test("With --no-probes nothing is sampled.")
    func none() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                Self.scenario("probes: { control: /healthz }"), to: "a.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "a.yaml", "--out-dir", "out", "--no-probes"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(try Self.figures(folder).isEmpty)
            #expect(try Self.tallies(folder).isEmpty)
        }
    }

    @Test("A page on a host that was not allowed is refused before anything is sent.")
    func refused() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                Self.scenario("probes: { prometheus: { url: \"http://192.0.2.1/metrics\" } }"),
                to: "a.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "a.yaml", "--out-dir", "out"], in: folder)
            #expect(run.status == 107)
            #expect(run.errors.contains("192.0.2.1 is not this machine, and was not allowed"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
        }
    }

    @Test("The owner of a port, found by nothing but the port, and who is not there.")
    func portOwner() async throws {
        try await BuiltProgram.withFolder { folder in
            let closed = try ScriptedServer(script: nil)
            closed.stop()
            let port = closed.port
            let url = "http://127.0.0.1:\(port)"
            let server = try NginxProcess(
                in: folder,
                http: "server { listen 127.0.0.1:\(port); location / { return 204; } }",
                logFormat: "$status", probe: [url], status: "204")
            defer { server.stop() }
            try BuiltProgram.write(
                """
                version: 1
                name: Probed
                target: \(url)
                probes: { process: [ { port: \(port) }, { name: gone, pid: 4194304 } ], host: true }
                scenarios:
                  all: { executor: constant-vus, vus: 1, duration: 3s, flow: [ { get: / }, { think: 100ms } ] }
                """, to: "a.yaml", in: folder)
            let check = try BuiltProgram.run(["check", "a.yaml"], in: folder)
            #expect(check.status == 0)
            #expect(check.errors.contains("note: not now: probe gone: there is no process 4194304"))
            let run = try BuiltProgram.run(["run", "a.yaml", "--out-dir", "out"], in: folder)
            #expect(run.errors.contains("warning: probe gone: there is no process 4194304"))
            let figures = try Self.figures(folder)
            #expect(figures["proc.pid"]?.count ?? 0 >= 2)
            // A master and at least one worker.
            #expect(figures["threads"]?.min() ?? 0 >= 2)
            #expect(figures["listen.sendq"]?.min() ?? 0 >= 1)
            #expect(!figures.keys.contains { $0.hasPrefix("gone/") })
        }
    }

    @Test("An intake that is killed and started again is another process, and a counted restart.")
    func restart() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                name: Killed
                target: { intake: { faults: [ { id: crash, at: 3s, down: 1s } ] } }
                scenarios:
                  tips:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 8s
                    flow: [ { post: { url: /v1/tips, multipart: { text: a tip } } } ]
                """, to: "a.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "a.yaml", "--out-dir", "out"], in: folder)
            #expect(run.errors.contains("warning: probe process: nobody listens at port"))
            let figures = try Self.figures(folder)
            #expect(Set(figures["proc.pid"] ?? []).count == 2)
            #expect(figures["proc.restarts"]?.last == 1)
        }
    }
}
