import Foundation
import TestSupport
import Testing

@Suite("Servers that are not ours")
struct OtherServersTests {
    @Test("nginx: 413, 502 and 504 are outcomes, with the counts of its own access log.")
    func nginx() async throws {
        // Accepts and never answers: nginx gives up on it after its own timeout.
        let silent = try ScriptedServer { $0.holdUntilClosed() }
        defer { silent.stop() }
        let closed = try ScriptedServer(script: nil)
        closed.stop()
        try await BuiltProgram.withFolder { folder in
            let server = try NginxServer(
                in: folder, deadPort: closed.port, silentPort: silent.port)
            defer { server.stop() }
            try BuiltProgram.write(
                """
                version: 1
                name: Uploads to nginx
                target: http://127.0.0.1:1
                http: { timeout: 10s }
                scenarios:
                  small: &uploads
                    executor: constant-arrival-rate
                    rate: 20/s
                    duration: 4s
                    flow: [ { post: { url: /ok, body: { generate: mp4, size: 2KiB } } } ]
                  large:
                    <<: *uploads
                    flow: [ { post: { url: /ok, body: { generate: mp4, size: 300KiB } } } ]
                  dead:
                    <<: *uploads
                    flow: [ { post: { url: /dead, body: { generate: jpeg, size: 2KiB } } } ]
                  silent:
                    <<: *uploads
                    rate: 5/s
                    flow: [ { post: { url: /silent, body: { generate: jpeg, size: 2KiB } } } ]
                """, to: "uploads.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "uploads.yaml", "--target", server.url, "--out-dir", "out"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            RunTests.checkLedger(report)
            let outcomes = value(report, "outcomes") as? [String: Int] ?? [:]
            #expect(outcomes == ["2xx": 80, "413": 80, "502": 80, "504": 20])
            server.stop()
            var logged: [String: Int] = [:]
            let log = try String(contentsOfFile: folder + "/access.log", encoding: .utf8)
            for line in log.split(separator: "\n") {
                let status = String(line)
                logged[status.hasPrefix("2") ? "2xx" : status, default: 0] += 1
            }
            #expect(logged == outcomes)
        }
    }

    /// What a server does to every connection, and what that is called.
    private static let misdeeds:
        [(name: String, outcome: String, script: @Sendable (ScriptedConnection) -> Void)] = [
            ("never answers", "first_byte_timeout", { $0.drainUntilClosed() }),
            (
                "resets", "recv_reset",
                { connection in
                    _ = connection.readRequest()
                    connection.resetAtClose()
                }
            ),
            ("closes early", "empty_reply", { _ = $0.readRequest() }),
            (
                "answers garbage", "garbage",
                { connection in
                    _ = connection.readRequest()
                    _ = connection.send("\u{1}\u{2}\u{3} what is this\r\n\r\n")
                }
            ),
            (
                "lies about the length", "truncated",
                { connection in
                    _ = connection.readRequest()
                    _ = connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort")
                }
            ),
            (
                "sends endless headers", "too_large",
                { connection in
                    _ = connection.readRequest()
                    _ = connection.send("HTTP/1.1 200 OK\r\n")
                    let line = "X-Filler: " + String(repeating: "x", count: 1000) + "\r\n"
                    while connection.send(line) {}
                }
            ),
        ]

    @Test("A server that misbehaves is measured, and the run goes on.", arguments: misdeeds.indices)
    func misbehaviour(index: Int) async throws {
        let misdeed = Self.misdeeds[index]
        let server = try ScriptedServer(script: misdeed.script)
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: \(server.url(""))
                http: { timeout: 1s }
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 10/s
                    duration: 2s
                    flow: [ { post: { url: /tips, text: "a tip" } } ]
                """, to: "bad-server.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "bad-server.yaml", "--out-dir", "out"], in: folder)
            #expect(run.status == 0, "\(misdeed.name): \(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            RunTests.checkLedger(report)
            let outcomes = value(report, "outcomes") as? [String: Int] ?? [:]
            #expect(outcomes == [misdeed.outcome: 20], "\(misdeed.name)")
            #expect(number(report, "classes.genuine.failed") == 20)
            #expect(number(report, "classes.genuine.response_ms.p50") == nil)
        }
    }

    @Test("A port where nothing listens is refused, 20 times of 20.")
    func refused() async throws {
        let closed = try ScriptedServer(script: nil)
        closed.stop()
        try await BuiltProgram.withFolder { folder in
            let hit = try BuiltProgram.run(
                ["hit", closed.url(), "-c", "2", "-n", "20", "--json"], in: folder)
            #expect(hit.status == 0, "it exits 0 whatever the server did")
            let result = try JSONSerialization.jsonObject(with: Data(hit.output.utf8))
            #expect(value(result, "outcomes") as? [String: Int] == ["refused": 20])
            #expect(number(result, "failed") == 20)
            #expect(number(result, "completed") == 0)
            #expect(number(result, "latency_ms.p50") == nil)
        }
    }

    @Test("hit counts what the server counts, and drops what no client is idle for.")
    func hitCounts() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil, connection.answer(200, body: "ok") {}
        }
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            let hit = try BuiltProgram.run(
                ["hit", server.url(), "-c", "4", "-n", "500", "--json"], in: folder)
            #expect(hit.status == 0)
            let result = try JSONSerialization.jsonObject(with: Data(hit.output.utf8))
            #expect(number(result, "completed") == 500)
            #expect(number(result, "failed") == 0)
            #expect(server.accepted == 4, "each client keeps its one connection")
            for key in ["requests_per_second", "cpu_seconds", "bytes_up"] {
                #expect(number(result, key) != nil, "\(key)")
            }
            #expect((number(result, "latency_ms.p50") ?? 0) > 0)
        }
    }

    @Test("A stalled server makes an open-loop hit drop arrivals, and that exits 95.")
    func hitDrops() async throws {
        let server = try ScriptedServer { $0.drainUntilClosed() }
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            let hit = try BuiltProgram.run(
                ["hit", server.url(), "-c", "2", "-q", "20", "-z", "1s", "-t", "5s", "--json"],
                in: folder)
            #expect(hit.status == 95)
            let result = try JSONSerialization.jsonObject(with: Data(hit.output.utf8))
            #expect(number(result, "dropped") == 18)
            #expect(number(result, "unfinished") == 2)
        }
    }
}

/// nginx that takes small uploads, and passes others to servers that do not answer.
final class NginxServer {
    let url: String
    private let process: NginxProcess

    init(in folder: String, deadPort: UInt16, silentPort: UInt16) throws {
        // nginx cannot say which port it chose; one that was free a moment ago has to do.
        let probe = try ScriptedServer(script: nil)
        let port = probe.port
        probe.stop()
        self.url = "http://127.0.0.1:\(port)"
        self.process = try NginxProcess(
            in: folder,
            http: """
                client_max_body_size 100k;
                server {
                    listen 127.0.0.1:\(port);
                    location /ok { proxy_pass http://127.0.0.1:\(port)/taken; }
                    location /taken { access_log off; return 201 "taken\\n"; }
                    location /dead { proxy_pass http://127.0.0.1:\(deadPort); }
                    location /silent {
                        proxy_pass http://127.0.0.1:\(silentPort);
                        proxy_read_timeout 1s;
                    }
                }
                """, logFormat: "$status", probe: [self.url + "/taken"], status: "201")
    }

    /// Asks it to finish what it does, so that its log is complete, and waits.
    func stop() { self.process.stop() }
}
