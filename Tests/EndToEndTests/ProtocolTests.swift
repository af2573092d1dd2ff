import Foundation
import TestSupport
import Testing

/// The ways in which requests travel, against nginx and its own log.
@Suite("Protocols", .enabled(if: TestCertificates.canMake))
struct ProtocolTests {
    private typealias Body = (ProtocolServer, String) async throws -> Void

    private func withServer(_ body: Body) async throws {
        try await BuiltProgram.withFolder { folder in
            let server = try ProtocolServer(in: folder)
            defer { server.stop() }
            try await body(server, folder)
        }
    }

    /// `hit` with `--json`, trusting the test's authority; its result.
    private func hit(
        _ url: String, _ arguments: [String], on server: ProtocolServer, in folder: String,
        trusted: Bool = true
    ) throws -> Any {
        let trust = trusted ? ["--cacert", server.certificates.authority] : []
        let run = try BuiltProgram.run(["hit", url, "--json"] + trust + arguments, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        return try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    }

    private func outcomes(_ result: Any) -> [String: Int] {
        value(result, "outcomes") as? [String: Int] ?? [:]
    }

    @Test("HTTP/2: each client's streams share one connection, and the counts are nginx's.")
    func multiplexing() async throws {
        try await self.withServer { server, folder in
            for lanes in ["1", "2"] {
                let result = try self.hit(
                    server.url(.modern),
                    ["--http2", "-c", "8", "--streams", "8", "-n", "2000", "--lanes", lanes],
                    on: server, in: folder)
                #expect(self.outcomes(result) == ["2xx": 2000])
                let log = try server.log(2000)
                #expect(log.count == 2000)
                #expect(log.allSatisfy { $0.http == "HTTP/2.0" && $0.status == "200" })
                #expect(Set(log.map(\.connection)).count == 8)
            }
        }
    }

    @Test("HTTP/2: an arrival of an open-loop hit finds a free stream, or is dropped.")
    func openLoopStreams() async throws {
        try await self.withServer { server, folder in
            let result = try self.hit(
                server.url(.modern),
                ["--http2", "-c", "2", "--streams", "50", "-q", "200", "-n", "200"],
                on: server, in: folder)
            #expect(self.outcomes(result) == ["2xx": 200])
            let log = try server.log(200)
            #expect(log.count == 200)
            #expect(Set(log.map(\.connection)).count <= 2)
        }
    }

    @Test("HTTP/2: a server that ends connections (GOAWAY) costs no request.")
    func goAway() async throws {
        try await self.withServer { server, folder in
            let result = try self.hit(
                server.url(.restless), ["--http2", "-c", "2", "-n", "100"], on: server,
                in: folder)
            #expect(self.outcomes(result) == ["2xx": 100])
            let log = try server.log(100)
            #expect(Set(log.map(\.connection)).count >= 10)
        }
    }

    @Test("HTTP/2 without TLS: nothing is negotiated, connections are shared all the same.")
    func priorKnowledge() async throws {
        try await self.withServer { server, folder in
            let result = try self.hit(
                server.url(.h2c, scheme: "http"),
                ["--http2-prior-knowledge", "-c", "4", "--streams", "4", "-n", "400"],
                on: server, in: folder, trusted: false)
            #expect(self.outcomes(result) == ["2xx": 400])
            let log = try server.log(400)
            #expect(log.count == 400)
            #expect(log.allSatisfy { $0.http == "HTTP/2.0" && $0.tls == "-" })
            #expect(Set(log.map(\.connection)).count == 4)
        }
    }

    @Test(
        "TLS: a client that reconnects resumes its session, unless it is told not to.",
        arguments: ["1.2", "1.3"])
    func resumption(version: String) async throws {
        try await self.withServer { server, folder in
            let common = [
                "--http1.1", "--no-keepalive", "-c", "4", "-n", "40", "--tls-min", version,
                "--tls-max", version,
            ]
            var result = try self.hit(server.url(.modern), common, on: server, in: folder)
            #expect(self.outcomes(result) == ["2xx": 40])
            var log = try server.log(40)
            #expect(log.allSatisfy { $0.tls == "TLSv\(version)" && $0.http == "HTTP/1.1" })
            #expect(Set(log.map(\.connection)).count == 40)
            #expect(log.count { !$0.isResumed } == 4, "each client's first handshake is whole")
            result = try self.hit(
                server.url(.modern), common + ["--no-tls-resume"], on: server, in: folder)
            #expect(self.outcomes(result) == ["2xx": 40])
            log = try server.log(40)
            #expect(log.count == 40 && log.allSatisfy { !$0.isResumed })
        }
    }

    @Test("TLS: whatever is wrong with a certificate has a class of its own.")
    func certificates() async throws {
        try await self.withServer { server, folder in
            let certificates = server.certificates
            func expect(
                _ port: ProtocolServer.Port, _ arguments: [String], trusted: Bool = true,
                _ outcome: String
            ) throws {
                let result = try self.hit(
                    server.url(port), ["-c", "2", "-n", "6"] + arguments, on: server, in: folder,
                    trusted: trusted)
                #expect(self.outcomes(result) == [outcome: 6], "\(port) \(arguments)")
            }
            let other = ["--cacert", certificates.otherAuthority]
            try expect(.modern, other, trusted: false, "tls_untrusted")
            try expect(.modern, [], trusted: false, "tls_untrusted")
            try expect(.modern, ["-k"], trusted: false, "2xx")
            try expect(.expired, [], "tls_expired")
            try expect(.elsewhere, [], "tls_hostname")
            try expect(.old, ["--tls-min", "1.3"], "tls_version")
            try expect(.old, [], "2xx")
            // nginx lets the handshake pass and answers 400.
            try expect(.clientCertificate, [], "400")
            func shown(_ name: String, _ key: String) -> [String] {
                ["--cert", certificates.certificate(name), "--key", key]
            }
            let stranger = shown("stranger", certificates.key("stranger"))
            try expect(.clientCertificate, stranger, "400")
            let client = shown("client", certificates.lockedKey)
            try expect(.clientCertificate, client + ["--pass", TestCertificates.password], "2xx")
        }
    }

    @Test("TLS: a key that its password does not open is told before anything is sent.")
    func wrongPassword() async throws {
        try await self.withServer { server, folder in
            let certificates = server.certificates
            let run = try BuiltProgram.run(
                [
                    "hit", server.url(.clientCertificate), "--cert",
                    certificates.certificate("client"), "--key", certificates.lockedKey,
                    "--pass", "CANARY", "-n", "1",
                ], in: folder)
            #expect(run.status == 64)
            #expect(run.errors.contains("unable to set private key file"))
            #expect(!run.errors.contains("CANARY"))
        }
    }

    @Test("IPv6, Unix sockets, resolve and connect-to reach the server; the gate stays shut.")
    func routes() async throws {
        try await self.withServer { server, folder in
            let port = server.port(.modern)
            let ways: [(url: String, arguments: [String])] = [
                ("https://[::1]:\(port)/", []),
                (
                    "https://api.example:\(port)/",
                    ["--resolve", "api.example:\(port):127.0.0.1"]
                ),
                (
                    "https://api.example/",
                    ["--connect-to", "api.example:443:127.0.0.1:\(port)"]
                ),
                ("http://localhost/", ["--unix-socket", server.socketPath]),
            ]
            for way in ways {
                let result = try self.hit(
                    way.url, way.arguments + ["-c", "3", "-n", "30"], on: server, in: folder)
                #expect(self.outcomes(result) == ["2xx": 30], "\(way.url)")
                let log = try server.log(30)
                #expect(log.count == 30)
                #expect(Set(log.map(\.connection)).count == 3, "\(way.url)")
            }
            let refused = try BuiltProgram.run(
                ["hit", "http://localhost/", "--resolve", "localhost:80:192.0.2.1", "-n", "1"],
                in: folder)
            #expect(refused.status == 107, "\(refused.errors)")
        }
    }

    @Test("A run takes its protocol from the scenario, and says when certificates went unchecked.")
    func scenario() async throws {
        try await self.withServer { server, folder in
            try BuiltProgram.write(
                """
                version: 1
                name: Protocols
                target: \(server.url(.modern))
                http:
                  version: 2
                  tls: { minVersion: 1.3, caFile: authority.pem }
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 20/s
                    duration: 2s
                    flow: [ { get: / } ]
                """, to: "protocols.yaml", in: folder)
            var run = try BuiltProgram.run(["run", "protocols.yaml", "--out-dir", "a"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            var report = try BuiltProgram.json(folder + "/a/report.json")
            #expect(value(report, "outcomes") as? [String: Int] == ["2xx": 40])
            #expect(value(report, "run.insecure") as? Bool == false)
            let log = try server.log(40)
            #expect(log.count == 40)
            #expect(log.allSatisfy { $0.http == "HTTP/2.0" && $0.tls == "TLSv1.3" })
            run = try BuiltProgram.run(
                ["run", "protocols.yaml", "--out-dir", "b", "--http1.1", "--insecure"],
                in: folder)
            #expect(run.status == 0, "\(run.errors)")
            report = try BuiltProgram.json(folder + "/b/report.json")
            #expect(value(report, "run.insecure") as? Bool == true)
            for name in ["report.md", "report.html"] {
                let text = try String(contentsOfFile: folder + "/b/" + name, encoding: .utf8)
                #expect(text.contains("not checked"), "\(name)")
            }
            let older = try server.log(40)
            #expect(older.count == 40 && older.allSatisfy { $0.http == "HTTP/1.1" })
        }
    }

    @Test("What this libcurl lacks is refused with 95, and check says so beforehand.")
    func unsupported() async throws {
        try await BuiltProgram.withFolder { folder in
            let doctor = try BuiltProgram.run(["doctor"], in: folder)
            guard !doctor.output.contains("HTTP3") else { return }
            let run = try BuiltProgram.run(
                ["hit", "https://127.0.0.1:1/", "--http3", "-n", "1"], in: folder)
            #expect(run.status == 95)
            #expect(run.errors.contains("without HTTP/3"))
            try BuiltProgram.write(
                """
                version: 1
                target: https://127.0.0.1:1
                http: { version: 3 }
                scenarios:
                  one: { executor: constant-vus, vus: 1, duration: 1s, flow: [ { get: / } ] }
                """, to: "h3.yaml", in: folder)
            let check = try BuiltProgram.run(["check", "h3.yaml"], in: folder)
            #expect(check.status == 0)
            #expect(check.errors.contains("without HTTP/3"))
            let refused = try BuiltProgram.run(["run", "h3.yaml", "--out-dir", "out"], in: folder)
            #expect(refused.status == 95)
            #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
        }
    }
}
