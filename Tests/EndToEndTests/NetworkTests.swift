import Foundation
import TestSupport
import Testing

@Suite("Phones with networks of their own")
struct NetworkTests {
    private static func scenario(_ population: String, size: String) -> String {
        """
        version: 1
        name: Networks
        target: { intake: { workers: 8, serviceTime: 1ms } }
        seed: 3
        http: { timeout: 30s }
        scenarios:
          tips:
        \(population)
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    text: a tip
                    video: { generate: mp4, size: \(size) }
                  expect: { status: [201] }
        """
    }

    private static func attempts(_ folder: String) throws -> [[String: Any]] {
        let path = folder + "/out/journal/attempts.ndjson"
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    @Test("Twenty phones at 1 Mbit/s take as long for 50 kB as that takes.")
    func uplink() async throws {
        try await BuiltProgram.withFolder { folder in
            let text = Self.scenario(
                """
                    executor: per-vu-iterations
                    vus: 20
                    iterations: 1
                    clients: { network: { uplink: 1Mbit/s } }
                """, size: "50kB")
            try BuiltProgram.write(text, to: "networks.yaml", in: folder)
            let plan = try BuiltProgram.run(["plan", "networks.yaml"], in: folder)
            #expect(plan.output.contains("  network own: up 1 Mbit/s\n"), "\(plan.output)")
            let run = try BuiltProgram.run(
                ["run", "networks.yaml", "--out-dir", "out", "-o", "attempts"], in: folder)
            #expect(run.status == 0 || run.status == 95, "\(run.errors)")
            let times = try Self.attempts(folder).compactMap { number($0, "response") }.sorted()
            try #require(times.count == 20)
            // 50 kB and what frames them at 125 kB/s; a slow machine only adds.
            #expect(times[0] >= 400)
            #expect(times[10] < 800, "\(times)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            RunTests.checkLedger(report)
            #expect(number(report, "totals.accepted") == 20)
        }
    }

    @Test("Phones that lose their network amid the upload leave no half tip.")
    func disconnect() async throws {
        try await BuiltProgram.withFolder { folder in
            let text = Self.scenario(
                """
                    executor: per-vu-iterations
                    vus: 10
                    iterations: 1
                    clients:
                      network:
                        uplink: 100kB/s
                        disconnect: { every: { uniform: { min: 300ms, max: 900ms } } }
                """, size: "300kB")
            try BuiltProgram.write(text, to: "networks.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "networks.yaml", "--out-dir", "out", "-o", "attempts"], in: folder)
            #expect(run.status == 0 || run.status == 95, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            RunTests.checkLedger(report)
            #expect(number(report, "outcomes.network_lost") == 10)
            #expect(number(report, "totals.failed") == 10)
            #expect(number(report, "loss.reconcile.acked_stored") == 0)
            #expect(number(report, "loss.reconcile.unacked_stored") == 0)
            #expect(number(report, "loss.reconcile.unacked_missing") == 10)
            for attempt in try Self.attempts(folder) {
                #expect(value(attempt, "outcome") as? String == "network_lost")
                let sent = try #require(number(attempt, "bytesUp"))
                #expect(sent > 0 && sent < 300_000)
                let taken = try #require(number(attempt, "response"))
                #expect(taken >= 299 && taken < 2_000)
            }
        }
    }

    @Test("The shipped stadium is planned with what its phones drew.")
    func stadium() throws {
        let plan = try BuiltProgram.run(
            ["plan", BuiltProgram.root.path + "/scenarios/stadium.yaml"],
            in: FileManager.default.temporaryDirectory.path)
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.output.contains("network 90 % stadium, 10 % 4g: up "))
        #expect(plan.output.contains("stalls every 60 s for "))
    }

    @Test(
        "A phone's network is as slow under TLS and HTTP/2.",
        .enabled(if: TestCertificates.canMake),
        arguments: [
            (ProtocolServer.Port.modern, "https", "1.1"), (.modern, "https", "2"),
            (.h2c, "http", "2-prior-knowledge"),
        ])
    func protocols(port: ProtocolServer.Port, scheme: String, version: String) async throws {
        try await BuiltProgram.withFolder { folder in
            let server = try ProtocolServer(in: folder)
            defer { server.stop() }
            let url = server.url(port, scheme: scheme)
            try BuiltProgram.write(String(repeating: "x", count: 50_000), to: "clip", in: folder)
            try BuiltProgram.write(
                """
                version: 1
                target: \(url)
                http: { version: \(version), tls: { caFile: \(server.certificates.authority) } }
                scenarios:
                  phones:
                    executor: per-vu-iterations
                    vus: 10
                    iterations: 1
                    clients: { network: { uplink: 1Mbit/s, downlink: 1Mbit/s, rtt: 100ms } }
                    flow:
                      - post: { url: /upload, body: { generate: random, size: 50kB } }
                      - get: { url: /files/clip }
                """, to: "networks.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "networks.yaml", "--out-dir", "out", "-o", "attempts"], in: folder)
            #expect(run.status == 0 || run.status == 95, "\(run.errors)")
            let attempts = try Self.attempts(folder)
            #expect(
                attempts.compactMap { $0["good"] as? Bool } == Array(repeating: true, count: 20))
            // 50 kB at 125 kB/s and a round trip, in which a bucket saves up 50 ms at most, and
            // what is on its way at the end; a slow machine only adds.
            for step in [0.0, 1.0] {
                let times = attempts.filter { number($0, "step") == step }
                    .compactMap { number($0, "response") }.sorted()
                try #require(times.count == 10)
                #expect(times[0] >= 400, "step \(step): \(times)")
                #expect(times[5] < 1_000, "step \(step): \(times)")
            }
        }
    }
}
