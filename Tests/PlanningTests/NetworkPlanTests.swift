import Planning
import Primitives
import Scenarios
import Testing

@Suite("Planned networks")
struct NetworkPlanTests {
    private func plan(
        _ choices: [NetworkSpec.Choice], seed: UInt64 = 42, target: String? = nil,
        flow: [StepSpec] = [.request(Sample.get("/"))],
        change: (inout ClientSpec) -> Void = { _ in }
    ) throws -> Plan {
        var population = Sample.population(Sample.constant(5, seconds: 60), flow: flow)
        if !choices.isEmpty {
            population.clients.network = NetworkSpec(
                choices: choices, location: SourceLocation(line: 9, column: 5))
        }
        change(&population.clients)
        var scenario = Sample.scenario([population])
        scenario.seed = seed
        if let target { scenario.target = .url(target) }
        return try Plan.make(scenario, materials: DraftMaterials())
    }

    private func choice(
        _ weight: Double = 1, _ change: (inout NetworkProfile) -> Void
    ) -> NetworkSpec.Choice {
        var profile = NetworkProfile()
        change(&profile)
        return NetworkSpec.Choice(weight: weight, profile: profile)
    }

    @Test("Without a word about clients there is no network at all.")
    func none() throws {
        #expect(try self.plan([]).populations[0].network == nil)
        #expect(try self.plan([]).outline().populations[0].network == nil)
    }

    @Test("A phone's network follows from the seed and its first intent's number.")
    func deterministic() throws {
        let choices = [NetworkSpec.Choice(profile: NetworkPreset.stadium.profile)]
        let one = try #require(try self.plan(choices).populations[0].network)
        let same = try #require(try self.plan(choices).populations[0].network)
        let other = try #require(try self.plan(choices, seed: 43).populations[0].network)
        #expect(one.client(firstIntent: 7) == same.client(firstIntent: 7))
        #expect(one.client(firstIntent: 7) != one.client(firstIntent: 8))
        #expect(one.client(firstIntent: 7) != other.client(firstIntent: 7))
        #expect(one.client(firstIntent: 7).interruptions != nil)
    }

    @Test("Rates and times follow their distributions, in bytes per second and wall time.")
    func distributions() throws {
        let network = try #require(
            try self.plan([
                self.choice {
                    $0.uplink = .lognormal(median: 125_000, p99: 1_000_000)
                    $0.downlink = .uniform(min: 1_000, max: 3_000)
                    $0.roundTrip = .fixed(0.08)
                }
            ]).populations[0].network)
        let clients = (0..<4_000).map { network.client(firstIntent: $0) }
        let slow = clients.filter { ($0.uplink ?? 0) <= 125_000 }.count
        // Four standard errors of a fair coin.
        #expect(abs(slow - 2_000) < 127)
        let fast = clients.filter { ($0.uplink ?? 0) > 1_000_000 }.count
        #expect(fast > 10 && fast < 76)
        let mean = clients.reduce(0.0) { $0 + Double($1.downlink ?? 0) } / 4_000
        #expect(abs(mean - 2_000) < 37)
        #expect(clients.allSatisfy { $0.roundTrip == .milliseconds(80) })
    }

    @Test("Weights decide how many are on which network.")
    func weights() throws {
        let network = try #require(
            try self.plan([
                self.choice(7) { $0.uplink = .fixed(1) }, self.choice(3) { $0.uplink = .fixed(2) },
            ]).populations[0].network)
        let first = (0..<4_000).filter { network.client(firstIntent: $0).uplink == 1 }.count
        #expect(abs(first - 2_800) < 116)
    }

    @Test("Connections and families need no rates.")
    func plain() throws {
        let network = try #require(
            try self.plan([]) {
                $0.connections = .new
                $0.family = .ipv4
            }.populations[0].network)
        let client = network.client(firstIntent: 0)
        #expect(!client.keepsConnections && client.family == .ipv4 && client.uplink == nil)
    }

    @Test("The outline says what the phones drew.")
    func outline() throws {
        let plan = try self.plan([
            NetworkSpec.Choice(weight: 3, profile: NetworkPreset.dsl.profile),
            self.choice {
                $0.uplink = .fixed(48_000)
                $0.downlink = .fixed(187_500)
                $0.roundTrip = .fixed(0.05)
                $0.stalls = .init(every: .exponential(mean: 60), length: .fixed(2))
                $0.disconnects = .exponential(mean: 300)
            },
        ])
        let text =
            "75 % dsl, 25 % own: up 384 kbit/s, down 1.5 Mbit/s, rtt 50 ms, "
            + "stalls every 60 s for 2 s, lost every 5m"
        #expect(plan.outline().populations[0].network == text)
        #expect(plan.outline().render(width: 80).contains("  network \(text)\n"))
        let spread = try self.plan([NetworkSpec.Choice(profile: NetworkPreset.fourG.profile)])
        let line = try #require(spread.outline().populations[0].network)
        #expect(line.hasPrefix("4g: up ") && line.contains("(5 % below "))
    }

    @Test("An upload that most phones cannot finish in time is warned of.")
    func warning() throws {
        let part = PartSpec(
            content: .generated(.random, size: .fixed(1_000_000), limit: nil, unique: true))
        var request = Sample.post(body: .part(part))
        request.timeout = .seconds(30)
        let slow = [self.choice { $0.uplink = .fixed(8_000) }]
        let plan = try self.plan(slow, flow: [.request(request)])
        #expect(
            plan.outline().warnings.contains(
                "people: POST /v1/tips sends its body in about 2m 5s on the phones' median uplink,"
                    + " longer than its timeout, 30 s"))
        request.timeout = .seconds(300)
        let patient = try self.plan(slow, flow: [.request(request)])
        #expect(!patient.outline().warnings.contains { $0.contains("uplink") })
    }

    @Test("Phones that cannot reach the target at all are refused.")
    func unreachable() throws {
        func message(_ make: () throws -> Plan) -> String? {
            do {
                _ = try make()
                return nil
            } catch {
                return (error as? ScenarioErrors)?.mistakes.map(\.message).joined(separator: "; ")
            }
        }
        #expect(
            message { try self.plan([]) { $0.family = .ipv6 } }
                == "family: ipv6 cannot reach the target, 127.0.0.1, an address of IPv4")
        #expect(
            message {
                try self.plan([], target: "http://[::1]:80/x") { $0.family = .ipv4 }
            } == "family: ipv4 cannot reach the target, ::1, an address of IPv6")
        #expect(
            message {
                try self.plan([], target: "http://example.org/") { $0.family = .ipv6 }
            } == nil)
        #expect(
            message { try self.plan([self.choice { $0.roundTrip = .fixed(12) }]) }
                == "rtt: a connection takes at least one round trip, 12 s, and"
                + " http.connectTimeout is 10 s: no phone would ever connect")
    }

    @Test("A request's own rate is drawn per attempt's instruction, or fixed.")
    func uploadRates() throws {
        var request = Sample.post(body: .text(Template(literal: "hi")))
        request.uploadRate = .uniform(min: 1_000, max: 9_000)
        let step = try self.plan([], flow: [.request(request)]).populations[0].steps[0]
        func rate(_ intent: Int, _ instruction: Int) -> Int64 {
            step.uploadRate(seed: 1, population: 0, intent: intent, instruction: instruction)
        }
        #expect(rate(1, 0) == rate(1, 0))
        #expect(Set((0..<50).map { rate($0, 0) }).count > 40)
        #expect((0..<50).allSatisfy { (1_000...9_000).contains(rate($0, 3)) })
        request.uploadRate = .fixed(640)
        let fixed = try self.plan([], flow: [.request(request)]).populations[0].steps[0]
        #expect(
            fixed.uploadRate(seed: 1, population: 0, intent: 4, instruction: 1) == 640)
    }
}
