import Foundation
import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite("What a plan needs of the machine")
struct PlanResourcesTests {
    private let usual = MachineLimits(descriptors: 20_000, localPorts: 28_232, cores: 2)

    private func need(
        _ resource: GeneratorResource, of scenario: Scenario, on machine: MachineLimits
    ) throws -> ResourceNeed {
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        return try #require(
            plan.outline(machine: machine).resources.first { $0.resource == resource })
    }

    private func closed(
        _ vus: Int, _ name: String = "people", from start: Int64 = 0
    ) -> PopulationSpec {
        Sample.population(
            name, .constantVUs(vus: vus, duration: .seconds(10)), startTime: .seconds(start))
    }

    /// A population whose intents send one body of that many bytes.
    private func uploading(_ population: PopulationSpec, bytes: Int) -> PopulationSpec {
        var population = population
        let text = String(repeating: "x", count: bytes)
        population.flow = [.request(Sample.post(body: .text(Template(literal: text))))]
        return population
    }

    @Test("Closed clients are certain; too many are refused, with the command that mends it.")
    func tooManyClients() throws {
        let plan = try Sample.plan([self.closed(30_000)])
        let outline = plan.outline(machine: self.usual)
        #expect(outline.refused.map(\.resource) == [.descriptors, .localPorts])
        #expect(
            outline.refused.map(\.complaint) == [
                "file descriptors: 30064 needed and 20000 there",
                "local ports: 30000 needed and 28232 there",
            ])
        #expect(outline.refused[0].remedies[0].hasSuffix("ulimit -n 37888"))
        #expect(outline.refused[1].remedies.contains { $0.contains("--source 127.0.0.2-") })
        var roomy = self.usual
        roomy.descriptors = 30_064
        roomy.sources = 2
        #expect(plan.outline(machine: roomy).refused.isEmpty)
        roomy.descriptors = 30_063
        #expect(plan.outline(machine: roomy).refused.map(\.resource) == [.descriptors])
    }

    @Test("Closed populations count while they overlap, and only with connections kept open.")
    func overlapping() throws {
        let cases: [([PopulationSpec], Double)] = [
            ([self.closed(100, "a"), self.closed(50, "b", from: 10)], 100),
            ([self.closed(100, "a"), self.closed(50, "b", from: 9)], 150),
            ([self.closed(100, "a"), self.shared("b", vus: 80, iterations: 30)], 130),
            ([self.closed(10, "a"), self.shared("b", vus: 80, iterations: 300)], 90),
            ([Sample.population(Sample.constant(500, seconds: 10))], 0),
            (
                [
                    Sample.population(
                        .rampingVUs(
                            startVUs: 0,
                            stages: [
                                StageSpec(name: "up", duration: .seconds(5), target: 40),
                                StageSpec(name: "down", duration: .seconds(5), target: 0),
                            ], gracefulRampDown: .zero))
                ], 40
            ),
        ]
        for (populations, expected) in cases {
            var scenario = Sample.scenario(populations)
            let plan = try Plan.make(scenario, materials: DraftMaterials())
            #expect(plan.closedPeak { _ in 1 } == expected)
            scenario.http.reuseConnections = false
            let unkept = try Plan.make(scenario, materials: DraftMaterials())
            #expect(unkept.closedPeak { _ in 1 } == 0)
        }
    }

    private func shared(_ name: String, vus: Int, iterations: Int) -> PopulationSpec {
        Sample.population(
            name, .sharedIterations(vus: vus, iterations: iterations, maxDuration: .seconds(10)))
    }

    @Test("A slow server's crowd is possible, not certain: a warning, never a refusal.")
    func possibleOnly() throws {
        var population = Sample.population(Sample.constant(1_000, seconds: 60))
        population.maxInFlight = 25_000
        let descriptors = try self.need(
            .descriptors, of: Sample.scenario([population]), on: self.usual)
        #expect(descriptors.certain == 64)
        #expect(descriptors.possible == 25_064)
        #expect(descriptors.state == .tight)
        #expect(
            descriptors.complaint
                == "file descriptors: up to 25064 may be needed and 20000 there")
    }

    @Test("Ports: what is opened while a closed connection keeps its port, times the sources.")
    func ports() throws {
        var machine = self.usual
        machine.localPorts = 1_000
        var scenario = Sample.scenario([Sample.population(Sample.constant(100, seconds: 120))])
        // TIME_WAIT: 60 s of 100 a second.
        var ports = try self.need(.localPorts, of: scenario, on: machine)
        #expect(ports.certain == 6_000)
        #expect(ports.state == .refused)
        #expect(ports.remedies.contains { $0.contains("--source 127.0.0.2-127.0.0.8") })
        #expect(!ports.remedies.contains { $0.contains("reuseConnections") })
        // Loopback with tcp_tw_reuse: a second's worth, and the crowd of a server that hangs.
        machine.portSeconds = 1
        ports = try self.need(.localPorts, of: scenario, on: machine)
        #expect(ports.certain == 100)
        #expect(ports.possible == 3_100)
        #expect(ports.state == .tight)
        machine.portSeconds = 60
        machine.sources = 6
        ports = try self.need(.localPorts, of: scenario, on: machine)
        #expect(ports.available == 6_000)
        #expect(ports.state == .tight)
        // Ten intents share a client and its connection.
        scenario.populations[0].reuse = 10
        #expect(try self.need(.localPorts, of: scenario, on: machine).certain == 600)
        // Without keep-alive every request opens one.
        scenario.http.reuseConnections = false
        scenario.populations[0].flow = [
            .request(Sample.get("/a")), .request(Sample.get("/b")), .request(Sample.get("/c")),
        ]
        ports = try self.need(.localPorts, of: scenario, on: machine)
        #expect(ports.certain == 18_000)
        #expect(ports.remedies.first?.contains("reuseConnections: true") == true)
    }

    @Test("Memory: measured bytes a client, by protocol and by the upload's buffer.")
    func memory() throws {
        var machine = self.usual
        machine.memory = 1_000_000_000
        func check(_ scenario: Scenario, _ certain: Double, _ possible: Double) throws {
            let memory = try self.need(.memory, of: scenario, on: machine)
            #expect(memory.certain == 20_000_000 + certain)
            #expect(memory.possible == 20_000_000 + possible)
        }
        var scenario = Sample.scenario([self.closed(1_000)])
        try check(scenario, 27_000_000, 27_000_000)
        scenario.target = .url("HTTPS://127.0.0.1:8443")
        try check(scenario, 55_000_000, 98_000_000)
        scenario.http.version = .http1
        try check(scenario, 55_000_000, 55_000_000)
        scenario.target = .url("http://127.0.0.1:8080")
        scenario.populations = [self.uploading(self.closed(1_000), bytes: 1_000_000)]
        try check(scenario, 27_000_000, 59_768_000)
        // A small body never fills the buffer.
        scenario.populations = [self.uploading(self.closed(1_000), bytes: 2)]
        try check(scenario, 27_000_000, 27_002_000)
        machine.memory = 40_000_000
        #expect(try self.need(.memory, of: scenario, on: machine).state == .refused)
    }

    @Test("The upload buffer falls with the number of clients.")
    func buffers() {
        #expect(
            [1, 32, 33, 256, 257, 1_000, 2_048, 8_000].map(uploadBuffer(clients:))
                == [262_144, 262_144, 131_072, 131_072, 65_536, 32_768, 16_384, 16_384])
    }

    @Test("The receive buffer falls with the number of clients.")
    func receiveBuffers() {
        #expect(
            [1, 1_023, 1_024, 4_095, 4_096, 8_000].map(receiveBuffer(clients:))
                == [16_384, 16_384, 4_096, 4_096, 2_048, 2_048])
    }

    @Test("Processor time at the peak is a range, and never refused.")
    func processor() throws {
        func check(_ scenario: Scenario, _ certain: Double, _ possible: Double) throws {
            let cpu = try self.need(.cpu, of: scenario, on: self.usual)
            #expect(abs(cpu.certain - certain) < 1e-6)
            #expect(abs(cpu.possible - possible) < 1e-6)
        }
        var scenario = Sample.scenario([Sample.population(Sample.constant(1_000, seconds: 10))])
        try check(scenario, 0.115, 0.134)
        // Nine in ten requests find a connection: 22.5 + 11.5 ms, 40.5 + 13.4 ms.
        scenario.populations[0].reuse = 10
        try check(scenario, 0.034, 0.0539)
        // A container's quota counts, not the machine's cores.
        var small = self.usual
        small.cpus = 0.03
        #expect(try self.need(.cpu, of: scenario, on: small).state == .tight)
        // 10 GB a second on top.
        scenario.populations = [self.uploading(scenario.populations[0], bytes: 10_000_000)]
        try check(scenario, 4.034, 7.0539)
        let cpu = try self.need(.cpu, of: scenario, on: self.usual)
        #expect(cpu.state == .tight)
        #expect(cpu.complaint == "processor time: 4.03 needed and 2.00 there")
    }

    @Test("The journal: 24 bytes an intent are certain, samples and rows come on top.")
    func disk() throws {
        var machine = self.usual
        machine.diskFree = 10_000_000
        var scenario = Sample.scenario([Sample.population(Sample.constant(400, seconds: 60))])
        scenario.target = .url("http://127.0.0.1:8080")
        // 24,000 intents, 2,400 samples of 500 bytes, 60 rows of 2 kB, 2 MB of reports.
        var disk = try self.need(.journalDisk, of: scenario, on: machine)
        #expect(disk.certain == 576_000)
        #expect(disk.possible == 3_896_000)
        #expect(disk.state == .fits)
        let listed = try Plan.make(scenario, materials: DraftMaterials())
            .outline(machine: machine, everyAttempt: true).resources.last
        #expect(listed?.possible == 14_696_000.0)
        machine.diskFree = 1_000_000
        #expect(try self.need(.journalDisk, of: scenario, on: machine).state == .tight)
        machine.diskFree = 500_000
        #expect(try self.need(.journalDisk, of: scenario, on: machine).state == .refused)
        // What the bundled intake may keep: what is sent, at most its quota in this run's time.
        scenario.target = .intake(settings: [IntakeSetting(path: "spoolQuota", value: "10MB")])
        scenario.populations = [self.uploading(scenario.populations[0], bytes: 1_000)]
        disk = try self.need(.journalDisk, of: scenario, on: machine)
        #expect(disk.possible == 13_896_000)
        machine.diskFree = nil
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        let resources = plan.outline(machine: machine).resources.map(\.resource)
        #expect(resources == [.descriptors, .localPorts, .cpu])
    }

    @Test("The table aligns, says how it counts, and survives as JSON.")
    func table() throws {
        var machine = self.usual
        machine.memory = 1_000_000_000
        machine.diskFree = 75_000_000_000
        machine.sources = 8
        machine.portSeconds = 1
        let outline = try Sample.plan([self.closed(30_000)]).outline(machine: machine)
        let text = outline.render(width: 80)
        #expect(
            text.contains(
                """

                resources
                                               certain  at most  there
                  file descriptors             30064    30064    20000   refused
                  local ports                  30000    30000    225856  ok
                  memory                       830 MB   830 MB   1 GB    ok
                  processor time               0.00     0.00     2.00    ok
                  the disk of its own journal  0 B      2.02 MB  75 GB   ok

                how they are counted
                """), "\(text)")
        #expect(text.contains("from 8 of this machine with 28232 each"))
        #expect(text.contains("! file descriptors: 30064 needed and 20000 there; as root"))
        #expect(outline.renderResources().hasPrefix("sample\n\nresources\n"))
        let copy = try JSONDecoder().decode(
            PlanOutline.self, from: try JSONEncoder().encode(outline))
        #expect(copy == outline)
    }
}
