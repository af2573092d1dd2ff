import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite struct PlanMakingTests {
    private func stage(
        _ name: String?, _ seconds: Int64, _ target: Double, _ shape: StageShape = .linear,
        kind: PhaseKind = .load
    ) -> StageSpec {
        StageSpec(
            name: name, duration: .seconds(seconds), target: target, shape: shape, kind: kind)
    }

    @Test("Durations are divided by the time scale, rates are not.")
    func compression() throws {
        var scenario = Sample.scenario([
            Sample.population(
                .rampingArrivalRate(
                    startRate: Rate(perSecond: 2),
                    stages: [self.stage("a", 3_600, 2), self.stage("b", 7_200, 50, .step)],
                    spacing: .uniform), startTime: .seconds(1_200))
        ])
        scenario.timeScale = 1_200
        scenario.timeline = [TimelineEvent(at: .seconds(2_880), label: "then")]
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        guard case .open(let schedule) = plan.populations[0].load else {
            Issue.record("not open")
            return
        }
        #expect(
            schedule.segments == [
                .init(start: .seconds(1), duration: .seconds(3), from: 2, to: 2, shape: .linear),
                .init(start: .seconds(4), duration: .seconds(6), from: 50, to: 50, shape: .step),
            ])
        #expect(plan.duration == .seconds(10))
        #expect(plan.timeline.map(\.at) == [.milliseconds(2_400)])
        #expect(
            plan.phases == [
                PlannedPhase(name: "before", start: .zero, end: .seconds(1), kind: .load),
                PlannedPhase(name: "a", start: .seconds(1), end: .seconds(4), kind: .load),
                PlannedPhase(name: "b", start: .seconds(4), end: .seconds(10), kind: .load),
            ])
    }

    @Test("An unnamed stage continues the phase before it; the rest of the run is 'after'.")
    func phases() throws {
        let plan = try Sample.plan([
            Sample.population("flat", Sample.constant(1, seconds: 30)),
            Sample.population(
                "waves",
                .rampingArrivalRate(
                    startRate: Rate(perSecond: 0),
                    stages: [
                        self.stage(nil, 2, 1), self.stage("up", 3, 9), self.stage(nil, 4, 9),
                        self.stage("jump", 0, 2), self.stage("off", 5, 2, kind: .maintenance),
                    ], spacing: .uniform)),
        ])
        #expect(plan.phases.map(\.name) == ["before", "up", "off", "after"])
        #expect(plan.phases.map(\.start.seconds) == [0, 2, 9, 14])
        #expect(plan.phases.map(\.end.seconds) == [2, 9, 14, 30])
        #expect(plan.phases[2].kind == .maintenance)
        let flat = try Sample.plan([Sample.population(Sample.constant(1, seconds: 30))])
        #expect(flat.phases.map(\.name) == ["run"])
    }

    @Test("Think times of a minute and more are story time, shorter ones real.")
    func thinking() throws {
        var scenario = Sample.scenario([
            Sample.population(
                Sample.constant(1, seconds: 600),
                flow: [.think(.fixed(59)), .think(.uniform(min: 60, max: 180))])
        ])
        scenario.timeScale = 60
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        #expect(
            plan.populations[0].instructions
                == [.think(.fixed(59)), .think(.uniform(min: 1, max: 3))])
    }

    @Test("Steps take the scenario's defaults, and the rule for final answers has its holes.")
    func defaults() throws {
        var scenario = Sample.scenario([
            Sample.population(
                Sample.constant(1, seconds: 1),
                flow: [.request(Sample.post(body: nil)), .request(Sample.get("/"))]),
            Sample.population(
                "probe", Sample.constant(1, seconds: 1), trafficClass: .probe,
                flow: [.request(Sample.post(body: nil))]),
        ])
        scenario.http.timeout = .seconds(5)
        scenario.http.success = [.range(204...204)]
        scenario.populations[1].retry = RetrySpec(max: 0)
        scenario.populations[0].retry = RetrySpec(max: 2)
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        let (people, probe) = (plan.populations[0], plan.populations[1])
        #expect(people.maxInFlight == 10_000)
        #expect(people.steps[0].timeout == .seconds(5))
        #expect(people.steps[0].goodStatuses == [.range(204...204)])
        #expect(people.steps[0].retry?.max == 2)
        #expect(people.steps.map(\.carriesKey) == [true, false])
        #expect(people.writes)
        #expect(probe.steps[0].retry == nil)
        #expect(probe.steps[0].carriesKey)
        #expect(!probe.writes)
        let final = (100...599).filter { code in
            people.finalStatuses.contains { $0.matches(code) }
        }
        #expect(final == (400...499).filter { ![408, 425, 429].contains($0) })
    }

    @Test("A step is constant unless something in it hangs on the intent.")
    func constancy() throws {
        func isConstant(_ body: BodySpec?, url: Template = Template(literal: "/")) throws -> Bool {
            var request = Sample.post(body: body)
            request.url = url
            let capturing = RequestSpec(
                method: .get, url: Template(literal: "/"), name: "first",
                captures: [CaptureSpec(name: "id", source: .header(name: "Location"))])
            let plan = try Sample.plan([
                Sample.population(
                    Sample.constant(1, seconds: 1), flow: [.request(capturing), .request(request)])
            ])
            return plan.populations[0].steps[1].isConstant
        }
        func generated(_ size: Distribution, unique: Bool) -> BodySpec {
            .part(PartSpec(content: .generated(.mp4, size: size, limit: nil, unique: unique)))
        }
        #expect(try isConstant(.text(Template(literal: "hello"))))
        #expect(try isConstant(.text(Template(pieces: [.expression(.variable("fixed"))]))))
        #expect(try !isConstant(.text(Template(pieces: [.expression(.variable("id"))]))))
        #expect(try !isConstant(.text(Template(pieces: [.expression(.sequence)]))))
        #expect(try !isConstant(nil, url: Template(pieces: [.expression(.uuid)])))
        #expect(try isConstant(generated(.fixed(100), unique: false)))
        #expect(try !isConstant(generated(.fixed(100), unique: true)))
        #expect(try !isConstant(generated(.uniform(min: 1, max: 9), unique: false)))
        #expect(try isConstant(.part(PartSpec(content: .files(["a"])))))
        #expect(try !isConstant(.part(PartSpec(content: .files(["a", "b"])))))
    }

    @Test("Limits on rate, bytes and duration, and unknown phases, are mistakes of the plan.")
    func limits() throws {
        var scenario = Sample.scenario([
            Sample.population(
                Sample.constant(100, seconds: 60),
                flow: [
                    .request(Sample.get("/")),
                    .request(
                        Sample.post(
                            body: .part(
                                PartSpec(
                                    content: .generated(
                                        .random, size: .fixed(1_000), limit: nil, unique: true))))),
                ])
        ])
        scenario.safety = SafetySpec(
            maxRate: 200, maxBytes: ByteCount(6_000_000), maxDuration: .seconds(60))
        #expect(throws: Never.self) { try Plan.make(scenario, materials: DraftMaterials()) }
        scenario.safety = SafetySpec(
            maxRate: 199, maxBytes: ByteCount(5_999_999), maxDuration: .seconds(59))
        scenario.thresholds = [
            ThresholdRule(
                metric: "http_req_failed", expression: "rate<1%", aggregation: .rate,
                comparison: .less, limit: 0.01, phase: "peek", line: 40, column: 5)
        ]
        let error = #expect(throws: ScenarioErrors.self) {
            try Plan.make(scenario, materials: DraftMaterials())
        }
        #expect(
            error?.mistakes.map(\.message) == [
                "the plan's peak of 200 requests/s is above safety.maxRate, 199/s",
                "the plan sends about 6 MB, more than safety.maxBytes, 6 MB",
                "the plan lasts 60 s of wall time, longer than safety.maxDuration, 59 s",
                "no phase is called 'peek'; there are run",
            ])
        #expect(error?.mistakes.last?.location == SourceLocation(line: 40, column: 5))
        #expect(error?.rendered.hasSuffix("4 mistakes in sample") == true)
    }

    @Test("The rate factor multiplies rates and clients, and leaves at least one client.")
    func rateFactor() throws {
        let scenario = Sample.scenario([
            Sample.population("open", Sample.constant(8, seconds: 10)),
            Sample.population("closed", .constantVUs(vus: 1, duration: .seconds(10))),
            Sample.population(
                "pot",
                .sharedIterations(vus: 10, iterations: 100, maxDuration: .seconds(10))),
        ])
        let plan = try Plan.make(scenario, materials: DraftMaterials(), rateFactor: 0.25)
        #expect(plan.populations[0].expectedIntents == 20)
        guard case .closed(let curve) = plan.populations[1].load,
            case .iterations(let vus, let each, let shared) = plan.populations[2].load
        else {
            Issue.record("wrong kinds of load")
            return
        }
        #expect(curve.changes == [.init(at: .zero, clients: 1)])
        #expect((vus, shared) == (3, 100))
        #expect(each == nil)
    }

    @Test("Ramping clients change at the exact crossings of each shape.")
    func clientCurve() throws {
        func changes(_ shape: StageShape, from: Int, to: Double) throws -> [ClientCurve.Change] {
            let plan = try Sample.plan([
                Sample.population(
                    .rampingVUs(
                        startVUs: from, stages: [self.stage(nil, 12, to, shape)],
                        gracefulRampDown: .seconds(3)))
            ])
            guard case .closed(let curve) = plan.populations[0].load else { return [] }
            #expect(curve.gracefulRampDown == .seconds(3))
            return curve.changes
        }
        let up = try changes(.linear, from: 0, to: 4)
        #expect(up.map(\.at.seconds) == [0, 3, 6, 9, 12])
        #expect(up.map(\.clients) == [0, 1, 2, 3, 4])
        let down = try changes(.linear, from: 4, to: 1)
        #expect(down.map(\.at.seconds) == [0, 4, 8, 12])
        #expect(down.map(\.clients) == [4, 3, 2, 1])
        #expect(
            try changes(.step, from: 4, to: 9)
                == [.init(at: .zero, clients: 4), .init(at: .zero, clients: 9)])
        let doubling = try changes(.exponential, from: 1, to: 8)
        #expect(doubling.first { $0.clients == 2 }?.at == .seconds(4))
        #expect(doubling.first { $0.clients == 4 }?.at == .seconds(8))
        #expect(doubling.last == .init(at: .seconds(12), clients: 8))
        let wave = try changes(.smooth, from: 0, to: 2)
        #expect(wave.map(\.at.seconds) == [0, 6, 12])
        #expect(try changes(.exponential, from: 3, to: 0).last?.clients == 0)
    }
}
