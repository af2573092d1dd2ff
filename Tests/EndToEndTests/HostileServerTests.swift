import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Servers that answer too much")
struct HostileServerTests {
    private static func run(
        _ server: ScriptedServer, flow: String, _ check: ([String: Any]) -> Void
    ) async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: \(server.url(""))
                http: { timeout: 5s, followRedirects: 5 }
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 10/s
                    duration: 2s
                    flow:
                \(flow)
                """, to: "hostile.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "hostile.yaml", "--out-dir", "out"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            RunTests.checkLedger(report)
            check(report)
        }
    }

    @Test("Redirects in a circle end after as many as are allowed, and have a name.")
    func redirects() async throws {
        let hops = Mutex(0)
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                hops.withLock { $0 += 1 }
                let next = request.path == "/a" ? "/b" : "/a"
                guard connection.answer(302, headers: ["Location: \(next)"]) else { return }
            }
        }
        defer { server.stop() }
        try await Self.run(server, flow: "      - get: /a") { report in
            #expect(value(report, "outcomes") as? [String: Int] == ["redirects": 20])
            #expect(number(report, "classes.genuine.failed") == 20)
        }
        // The request and five redirects each.
        #expect(hops.withLock { $0 } == 120)
    }

    @Test("A thousand cookies are an answer like any other; the next request stays a request.")
    func cookies() async throws {
        let longest = Mutex(0)
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                let sent = request.headers.filter { $0.name == "cookie" }
                    .map(\.value.utf8.count).reduce(0, +)
                longest.withLock { $0 = max($0, sent) }
                let headers = (0..<1_000).map {
                    "Set-Cookie: c\($0)=\(String(repeating: "v", count: 40))"
                }
                guard connection.answer(200, headers: headers, body: "ok") else { return }
            }
        }
        defer { server.stop() }
        try await Self.run(server, flow: "      - get: /a\n      - get: /b") { report in
            #expect(value(report, "outcomes") as? [String: Int] == ["2xx": 40])
            #expect(number(report, "classes.genuine.accepted") == 20)
        }
        // Some came back, and no more than libcurl puts into one header.
        #expect(longest.withLock { (1...8_190).contains($0) })
    }

    @Test("A header of 1 MB is too large, 20 times of 20, and costs no more than the run.")
    func largeHeader() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil {
                let value = String(repeating: "x", count: 1_000_000)
                guard connection.answer(200, headers: ["X-Large: \(value)"]) else { return }
            }
        }
        defer { server.stop() }
        try await Self.run(
            server,
            flow: "      - optional: true\n        get: /a\n      - when: failed\n        get: /b"
        ) { report in
            #expect(value(report, "outcomes") as? [String: Int] == ["too_large": 40])
            #expect(number(report, "classes.genuine.failed") == 20)
        }
    }
}
