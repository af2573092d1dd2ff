import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("A generator that is itself the limit", .serialized)
struct GeneratorLimitTests {
    /// True where a process may be given a network of its own.
    private static var canUnshare: Bool { getuid() == 0 }

    /// What each case has to say, in a run's summary and in `hit`'s errors.
    private static func expect(
        _ text: String, names resource: String, remedy: String,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let line = text.replacing("\n", with: " ")
        #expect(line.contains("limited by \(resource)"), "\(text)", sourceLocation: location)
        #expect(line.contains("o mend it: "), sourceLocation: location)
        #expect(line.contains(remedy), "\(text)", sourceLocation: location)
    }

    /// Checks a run's exit, verdict and gate.
    private static func expect(
        run: BuiltProgram.Outcome, in folder: String, names resource: String, remedy: String,
        gate: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(run.status == 95, "\(run.output) \(run.errors)", sourceLocation: location)
        let report = try BuiltProgram.json(folder + "/out/report.json")
        let verdict = value(report, "verdict.sentence") as? String ?? ""
        #expect(value(report, "validity.state") as? String == "invalid", sourceLocation: location)
        #expect(value(report, "verdict.grade") as? String == "INVALID", sourceLocation: location)
        self.expect(verdict, names: resource, remedy: remedy, location)
        let gates = value(report, "validity.gates") as? [[String: Any]] ?? []
        let failed = gates.first { $0["id"] as? String == gate }
        #expect(failed?["state"] as? String == "failed", sourceLocation: location)
        let detail = failed?["detail"] as? String ?? ""
        #expect(detail.contains(resource), "\(detail)", sourceLocation: location)
        #expect(detail.contains(remedy), "\(detail)", sourceLocation: location)
    }

    private static func shell(
        _ script: String, in folder: String
    ) throws -> BuiltProgram.Outcome {
        try BuiltProgram.write(script, to: "script.sh", in: folder)
        let outcome = try BuiltProgram.shell(
            "sh", ["-c", "cd '\(folder)' && SPATE='\(BuiltProgram.folder)' sh script.sh 2>errors"])
        let errors = try? String(contentsOfFile: folder + "/errors", encoding: .utf8)
        return BuiltProgram.Outcome(
            status: outcome.status, output: outcome.output, errors: errors ?? "")
    }

    // MARK: - The cases

    /// A port on which nothing listens: a refused attempt costs the generator all the same.
    private static func closedPort() throws -> String {
        let server = try ScriptedServer(script: nil)
        defer { server.stop() }
        return server.url("/")
    }

    @Test("More than a core can do is the processor's limit, with its figure.")
    func processor() async throws {
        let url = try GeneratorLimitTests.closedPort()
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: \(url)
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 90000/s
                    duration: 4s
                    maxInFlight: 64
                    clients: { reuse: 1000000 }
                    flow: [ { get: / } ]
                """, to: "cpu.yaml", in: folder)
            let run = try GeneratorLimitTests.shell(
                "exec taskset -c 0 $SPATE/spate run cpu.yaml --force --out-dir out", in: folder)
            try GeneratorLimitTests.expect(
                run: run, in: folder, names: "processor time", remedy: "a lower rate", gate: "V1")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect((value(report, "verdict.sentence") as? String)?.contains("of 1 cores") == true)
            let hit = try GeneratorLimitTests.shell(
                "exec taskset -c 0 $SPATE/spate hit \(url) -q 90000 -c 64 -z 3s --force", in: folder
            )
            #expect(hit.status == 95, "\(hit.output)")
            GeneratorLimitTests.expect(
                hit.errors, names: "processor time", remedy: "a lower rate")
        }
    }

    @Test("Too few descriptors are named, with the ulimit that mends it.")
    func descriptors() async throws {
        // A server that never answers: nobody can foresee how many connections wait for it.
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil {}
        }
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: \(server.url(""))
                http: { timeout: 4s }
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 100/s
                    duration: 5s
                    flow: [ { get: / } ]
                """, to: "hang.yaml", in: folder)
            let run = try GeneratorLimitTests.shell(
                "ulimit -n 256; exec $SPATE/spate run hang.yaml --force --out-dir out", in: folder)
            try GeneratorLimitTests.expect(
                run: run, in: folder, names: "file descriptors", remedy: "ulimit -n 65536",
                gate: "V2")
            let hit = try GeneratorLimitTests.shell(
                "ulimit -n 256; exec $SPATE/spate hit \(server.url("/")) -c 300 -z 3s -t 2s --force",
                in: folder)
            #expect(hit.status == 95, "\(hit.output)")
            GeneratorLimitTests.expect(
                hit.errors, names: "file descriptors", remedy: "ulimit -n 65536")
        }
    }

    @Test("Too few local ports are named, with the sysctl that mends it.", .enabled(if: canUnshare))
    func localPorts() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: { intake: {} }
                http: { reuseConnections: false }
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 300/s
                    duration: 5s
                    flow: [ { get: /healthz } ]
                """, to: "ports.yaml", in: folder)
            let network = """
                ip link set lo up || exit 77
                sysctl -qw net.ipv4.ip_local_port_range='40000 40999' || exit 77
                sysctl -qw net.ipv4.tcp_tw_reuse=0 || exit 77

                """
            try BuiltProgram.write(
                network + "exec $SPATE/spate run ports.yaml --force --out-dir out", to: "run.sh",
                in: folder)
            let run = try GeneratorLimitTests.shell("exec unshare -n sh run.sh", in: folder)
            // Some sandboxes give root no network of its own: there is nothing to test then.
            guard run.status != 77, !run.errors.contains("unshare") else { return }
            let remedy = "sysctl -w net.ipv4.ip_local_port_range='1024 65535'"
            try GeneratorLimitTests.expect(
                run: run, in: folder, names: "local ports", remedy: remedy, gate: "V2")
            try BuiltProgram.write(
                network + """
                    sleep 20 | $SPATE/spate-intake --port 0 --admin-port 0 > started &
                    until grep -q '"port":' started; do sleep 0.05; done
                    port=$(grep -o '"port":[0-9]*' started | grep -o '[0-9]*')
                    $SPATE/spate hit http://127.0.0.1:$port/healthz -c 1200 -z 3s -t 5s --force
                    status=$?
                    kill $(grep -o '"pid":[0-9]*' started | grep -o '[0-9]*')
                    exit $status
                    """, to: "hit.sh", in: folder)
            let hit = try GeneratorLimitTests.shell("exec unshare -n sh hit.sh", in: folder)
            #expect(hit.status == 95, "\(hit.output)")
            GeneratorLimitTests.expect(hit.errors, names: "local ports", remedy: remedy)
        }
    }

    @Test(
        "A generator stopped for 3 s is called so, whatever it measured.",
        arguments: [
            ["run", "steady.yaml", "--out-dir", "out"],
            ["hit", "URL", "-q", "100", "-c", "20", "-z", "7s"],
        ])
    func stopped(arguments: [String]) async throws {
        let (answers, answered) = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil, connection.answer(200, body: "ok") {
                answered.yield()
            }
        }
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: \(server.url(""))
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 100/s
                    duration: 7s
                    clients: { reuse: 1000 }
                    flow: [ { get: / } ]
                """, to: "steady.yaml", in: folder)
            let program = try BuiltProgram.start(
                arguments.map { $0 == "URL" ? server.url("/") : $0 }, in: folder)
            // A second and a half of load.
            var count = 0
            for await _ in answers {
                count += 1
                if count == 150 { break }
            }
            program.send(SIGSTOP)
            // The length of the standstill is what is tested.
            try await Task.sleep(for: .seconds(3))
            program.send(SIGCONT)
            let outcome = program.finish()
            if arguments[0] == "run" {
                try GeneratorLimitTests.expect(
                    run: outcome, in: folder, names: "having been stopped", remedy: "no Ctrl-Z",
                    gate: "V1")
            } else {
                #expect(outcome.status == 95, "\(outcome.output)")
                GeneratorLimitTests.expect(
                    outcome.errors, names: "having been stopped", remedy: "no Ctrl-Z")
            }
        }
    }
}
