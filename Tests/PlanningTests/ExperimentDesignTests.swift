import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite struct ExperimentDesignTests {
    private let generated = BodySpec.part(
        PartSpec(content: .generated(.mp4, size: .fixed(4_000), limit: nil, unique: true)))

    private func scenario(_ keys: (inout PopulationSpec) -> Void = { _ in }) -> Scenario {
        var population = Sample.population(
            .rampingArrivalRate(
                startRate: Rate(perSecond: 10),
                stages: [
                    StageSpec(name: "before", duration: .seconds(20), target: 10),
                    StageSpec(name: "up", duration: .seconds(40), target: 100),
                    StageSpec(name: "after", duration: .seconds(30), target: 20),
                ], spacing: .uniform),
            flow: [.request(Sample.post(body: self.generated))])
        keys(&population)
        return Sample.scenario([population])
    }

    private func changed(
        _ id: String, _ scenario: Scenario,
        knowing knowledge: ExperimentKnowledge = ExperimentKnowledge()
    ) throws -> PopulationSpec {
        try ExperimentDesign.scenario(scenario, changedFor: id, knowing: knowledge).populations[0]
    }

    private func request(_ population: PopulationSpec) throws -> RequestSpec {
        try #require(population.requests.first)
    }

    @Test("E1 reaches the same peak in a quarter of the time, and ends when it would have ended.")
    func steeper() throws {
        let load = try self.changed("E1", self.scenario()).load
        #expect(
            load.stages.map(\.duration) == [
                .seconds(5), .seconds(10), .seconds(45), .seconds(30),
            ])
        #expect(load.stages.map(\.target) == [10, 100, 100, 20])
    }

    @Test("E2 sends four times the bytes a quarter as often.")
    func bodies() throws {
        let population = try self.changed("E2", self.scenario())
        #expect(population.load.stages.map(\.target) == [2.5, 25, 5])
        guard case .part(let part) = try self.request(population).body,
            case .generated(_, let size, _, _) = part.content
        else {
            Issue.record("no generated part")
            return
        }
        #expect(size.mean == 16_000)
    }

    @Test("E3 sends bodies within two seconds, or at a quarter of the pace they had.")
    func holds() throws {
        #expect(
            try self.request(self.changed("E3", self.scenario())).uploadRate == .fixed(2_000))
        let paced = self.scenario { population in
            var request = Sample.post(body: self.generated)
            request.uploadRate = .fixed(8_000)
            population.flow = [.request(request)]
        }
        #expect(try self.request(self.changed("E3", paced)).uploadRate == .fixed(2_000))
    }

    @Test("E4 keeps connections, or does not any more; E5 shares them less.")
    func connections() throws {
        #expect(try self.changed("E4", self.scenario()).reuse == 100)
        let kept = self.scenario { $0.reuse = 50 }
        let changed = try ExperimentDesign.scenario(kept, changedFor: "E4")
        #expect(changed.populations[0].reuse == 1)
        #expect(!changed.http.reuseConnections)
        #expect(try self.changed("E5", kept).reuse == 5)
    }

    @Test("E6 leaves nobody who tries again, and keeps everything else.")
    func retries() throws {
        let scenario = self.scenario {
            $0.retry = RetrySpec(max: 3)
            $0.person = PersonSpec(
                patience: .fixed(9), pressAgain: PressAgainSpec(max: 2))
        }
        let population = try self.changed("E6", scenario)
        #expect(population.retry == nil)
        #expect(population.person.pressAgain == nil)
        #expect(population.person.patience == .fixed(9))
    }

    @Test(
        "E7 goes on after the end: thirty seconds of relief in story time, then a minute of load.")
    func relief() throws {
        var scenario = self.scenario()
        scenario.timeScale = 2
        let changed = try ExperimentDesign.scenario(scenario, changedFor: "E7")
        #expect(changed.reliefs == [ReliefSpec(at: .seconds(90), duration: .seconds(60))])
        let plan = try Plan.make(changed, materials: DraftMaterials())
        #expect(plan.duration == .seconds(45 + 90))
        #expect(plan.phases.map(\.name) == ["before", "up", "after", "relief", "after-relief"])
        #expect(plan.phases[3].end - plan.phases[3].start == .seconds(30))
    }

    @Test(
        "E8 asks for one page only; E11 stays at six tenths of the capacity for four times as long."
    )
    func others() throws {
        #expect(try self.request(self.changed("E8", self.scenario())).name == "GET /healthz")
        let soak = try self.changed(
            "E11", self.scenario(), knowing: ExperimentKnowledge(capacity: 50))
        #expect(
            soak.load
                == .constantArrivalRate(
                    rate: Rate(perSecond: 30), duration: .seconds(360), spacing: .poisson))
    }

    @Test("E9, E10 and E12 change the way to the server, and the server.")
    func server() throws {
        var scenario = self.scenario()
        scenario.target = .url("https://tips.example/api")
        let pinned = try ExperimentDesign.scenario(
            scenario, changedFor: "E9", knowing: ExperimentKnowledge(address: "192.0.2.7"))
        #expect(pinned.http.route.pins.map(\.origin) == ["tips.example:443"])
        #expect(pinned.http.route.pins.map(\.addresses) == [["192.0.2.7"]])
        let plain = try ExperimentDesign.scenario(scenario, changedFor: "E10")
        #expect(plain.target == .url("http://tips.example/api"))
        scenario.target = .intake(settings: [IntakeSetting(path: "cpuCost", value: "2ms")])
        let cheap = try ExperimentDesign.scenario(scenario, changedFor: "E12")
        #expect(cheap.target == .intake(settings: [IntakeSetting(path: "cpuCost", value: "500us")]))
    }

    @Test("E15 changes nothing but the rules that say what the first run has to show.")
    func again() throws {
        let scenario = self.scenario()
        let changed = try ExperimentDesign.scenario(scenario, changedFor: "E15")
        #expect(changed.populations[0].load == scenario.populations[0].load)
        #expect(changed.seed == scenario.seed)
        #expect(changed.thresholds.isEmpty)
    }

    @Test("What can be made of a scenario is known before its first run.")
    func possible() {
        let plain = Sample.scenario([Sample.population(Sample.constant(5, seconds: 30))])
        let possible = ExperimentDesign.possible(for: plain)
        // What a run shows first, as E11 needs it, is no refusal.
        #expect(possible.contains("E7") && possible.contains("E11") && possible.contains("E15"))
        #expect(Set(possible).isDisjoint(with: ["E1", "E2", "E3", "E5", "E6", "E9", "E10", "E12"]))
    }

    @Test(
        "What cannot be changed is refused with the reason.",
        arguments: [
            ("E1", "no population has stages that rise; a load without a slope has none to change"),
            (
                "E2",
                "no population with a rate sends generated bodies, whose size could change; files"
                    + " are what they are"
            ),
            (
                "E3",
                "no request has a body of a kilobyte or more, or an uploadRate, to send slowly"
            ),
            (
                "E5",
                "each intent is a client of its own already; to change the address it comes from,"
                    + " use --source 127.0.0.2-127.0.0.21"
            ),
            ("E6", "nobody tries again in this scenario as it is"),
            ("E9", "the target has no name that is looked up, so there is nothing to pin"),
            ("E10", "the target is not spoken to over TLS"),
            (
                "E11",
                "needs the capacity, which a run has to show first: give it as --capacity 40/s, or"
                    + " run the scenario with a load that reaches it"
            ),
            (
                "E12",
                "only the bundled intake with a cpuCost can be told to need less of it; for a"
                    + " server of your own write a scenario of cheaper items"
            ),
            (
                "E14",
                "takes another network: run the scenario from there and compare"
            ),
        ])
    func refusals(id: String, reason: String) {
        let plain = Sample.scenario([Sample.population(Sample.constant(5, seconds: 30))])
        #expect(throws: ExperimentRefusal(id: id, reason: reason)) {
            try ExperimentDesign.scenario(plain, changedFor: id)
        }
    }
}
