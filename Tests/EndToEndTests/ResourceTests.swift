import Foundation
import TestSupport
import Testing

@Suite("What this machine can give, and what it cannot")
struct ResourceTests {
    /// True where a network of the test's own can be made.
    private static let canIsolate =
        (try? BuiltProgram.shell("unshare", ["-n", "sh", "-c", "ip link set lo up"]))?.status == 0

    /// Runs a line of shell in a folder; the program is `SPATE`.
    ///
    /// All that it wrote, errors too, is the outcome's output.
    private func shell(_ line: String, in folder: String) throws -> BuiltProgram.Outcome {
        let script = "cd '\(folder)' && SPATE='\(BuiltProgram.folder)/spate' && (\(line)) 2>&1"
        return try BuiltProgram.shell("bash", ["-c", script])
    }

    private func writeCrowd(target: String, in folder: String) throws {
        try BuiltProgram.write(
            """
            version: 1
            target: \(target)
            http: { timeout: 1s }
            scenarios:
              crowd:
                executor: constant-vus
                vus: 300
                duration: 2s
                gracefulStop: 0s
                flow: [ { get: / }, { think: 100ms } ]
            """, to: "crowd.yaml", in: folder)
    }

    @Test("A plan that needs more descriptors than there are is refused: 95, no folder, no packet.")
    func refused() async throws {
        let server = try ScriptedServer { $0.holdUntilClosed() }
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            try self.writeCrowd(target: server.url(""), in: folder)
            for verb in ["run crowd.yaml", "plan crowd.yaml", "hit \(server.url("")) -c 300 -z 1s"]
            {
                let outcome = try self.shell("ulimit -n 256; $SPATE \(verb)", in: folder)
                #expect(outcome.status == 95, "\(verb): \(outcome.output)")
                #expect(
                    outcome.output.contains(
                        "refused, nothing was started: file descriptors: 364 needed and 256 there"),
                    "\(outcome.output)")
                #expect(outcome.output.contains("ulimit -n "))
                #expect(outcome.output.contains("hint: --force"))
            }
            let plan = try self.shell("ulimit -n 256; $SPATE plan crowd.yaml", in: folder)
            #expect(plan.output.contains("  refused\n"), "the table comes first")
            #expect(server.accepted == 0)
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
            let fits = try self.shell("ulimit -n 400; $SPATE plan crowd.yaml", in: folder)
            #expect(fits.status == 0, "\(fits.output)")
        }
    }

    @Test("--force runs it all the same; the report says so, and that it is no valid test.")
    func forced() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil, connection.answer(200, body: "ok") {}
        }
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            try self.writeCrowd(target: server.url(""), in: folder)
            let run = try self.shell(
                "ulimit -n 256; $SPATE run crowd.yaml --force --out-dir out", in: folder)
            #expect(run.status == 95, "\(run.output)")
            #expect(run.output.contains("warning: started by --force, though refused: file desc"))
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(
                (value(report, "run.command") as? String)
                    == "spate run crowd.yaml --force --out-dir out")
            #expect((number(report, "outcomes.descriptors") ?? 0) > 0)
        }
    }

    @Test("Clients connect from the addresses of --source, in turn.")
    func sources() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil, connection.answer(200, body: "ok") {}
        }
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            let hit = try BuiltProgram.run(
                [
                    "hit", server.url(""), "-c", "4", "-n", "40", "--source",
                    "127.0.0.5-127.0.0.6", "--source", "127.0.0.9",
                ], in: folder)
            #expect(hit.status == 0, "\(hit.errors)")
            #expect(Set(server.peers) == ["127.0.0.5", "127.0.0.6", "127.0.0.9"])
            let before = server.accepted
            let mistakes = [
                "127.0.0.9-127.0.0.2": "runs backwards",
                "10.0.0.0/8": "is no numeric address, no range and no interface",
                "203.0.113.9": "this machine does not have the address 203.0.113.9",
                "::1": "are of different families",
            ]
            for (text, complaint) in mistakes {
                for verb in [["hit", server.url(""), "-n", "1"], ["run", "crowd.yaml"]] {
                    try self.writeCrowd(target: server.url(""), in: folder)
                    let outcome = try BuiltProgram.run(verb + ["--source", text], in: folder)
                    #expect(outcome.status == 64, "\(text)")
                    #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
                }
            }
            #expect(server.accepted == before)
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
        }
    }

    @Test(
        "In a network with 200 ports that stay taken, 500 connections need more source addresses.",
        .enabled(if: Self.canIsolate, "unshare -n is not permitted here"))
    func portsMultiply() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: { intake: { workers: 2, serviceTime: 0s } }
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 100/s
                    duration: 5s
                    flow: [ { get: /healthz } ]
                """, to: "ports.yaml", in: folder)
            let network =
                "ip link set lo up; echo 40000 40199 >/proc/sys/net/ipv4/ip_local_port_range;"
                + " echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse;"
            func isolated(_ arguments: String) throws -> BuiltProgram.Outcome {
                try self.shell(
                    "export SPATE; unshare -n bash -c '\(network) $SPATE \(arguments)'",
                    in: folder)
            }
            let refused = try isolated("run ports.yaml")
            #expect(refused.status == 95)
            #expect(
                refused.output.contains("local ports: 500 needed and 200 there"),
                "\(refused.output)")
            #expect(refused.output.contains("--source 127.0.0.2-127.0.0."))
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
            let run = try isolated("run ports.yaml --source 127.0.0.2-127.0.0.9 --out-dir out")
            #expect(run.status == 0, "\(run.output)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "outcomes") as? [String: Int] == ["2xx": 500])
        }
    }

    @Test("The doctor's JSON has every check; its exit code says whether one fails.")
    func doctor() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.copyScenarios(to: folder)
            let text = try BuiltProgram.run(["doctor"], in: folder)
            #expect(text.output.contains("file descriptors"))
            let outcome = try BuiltProgram.run(
                ["doctor", "scenarios/smoke.yaml", "--json"], in: folder)
            let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            let isFine = value(document, "ok") as? Bool
            #expect(outcome.status == (isFine == true ? 0 : 95), "\(outcome.output)")
            let checks = (value(document, "checks") as? [[String: Any]]) ?? []
            let ids = Set(checks.compactMap { $0["id"] as? String })
            for id in [
                "descriptors", "memory", "swap", "local_ports", "cores", "load", "timer",
                "disk_free", "disk_speed", "libcurl", "http3", "intake", "spate",
            ] {
                #expect(ids.contains(id), "\(id)")
            }
            for check in checks where check["state"] as? String != "ok" {
                #expect((check["remedies"] as? [String])?.isEmpty == false, "\(check)")
            }
            let needs = (value(document, "resources") as? [[String: Any]]) ?? []
            #expect(needs.count == 5)
            #expect(needs.allSatisfy { $0["state"] as? String == "ok" })
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                    ".stderr", ".stdout", "scenarios",
                ], "the disk's test leaves nothing")
            let poor = try self.shell("ulimit -n 128; $SPATE doctor", in: folder)
            #expect(poor.status == 95)
            #expect(poor.output.contains("fail  file descriptors"))
        }
    }
}
