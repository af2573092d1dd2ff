import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite struct ReliefTests {
    private let relief = ReliefSpec(at: .seconds(10), duration: .seconds(5), share: 0.2)

    private func plan(
        _ load: LoadSpec, trafficClass: TrafficClass = .genuine, timeScale: Double = 1
    ) throws -> Plan {
        var scenario = Sample.scenario([
            Sample.population("people", load, trafficClass: trafficClass)
        ])
        scenario.timeScale = timeScale
        scenario.reliefs = [self.relief]
        return try Plan.make(scenario, materials: DraftMaterials())
    }

    private func arrivals(_ plan: Plan, from: Int64, to: Int64) throws -> Int {
        guard case .open(let schedule) = plan.populations[0].load else {
            throw ScenarioErrors(file: "", mistakes: [], rendered: "not open")
        }
        return ArrivalIterator(schedule).filter {
            $0.at >= .seconds(from) && $0.at < .seconds(to)
        }.count
    }

    @Test("A fifth of the arrivals comes in the relief, all of them before and after.")
    func constant() throws {
        let plan = try self.plan(Sample.constant(10, seconds: 30))
        #expect(try self.arrivals(plan, from: 0, to: 10) == 100)
        #expect(try self.arrivals(plan, from: 10, to: 15) == 10)
        #expect(try self.arrivals(plan, from: 15, to: 30) == 150)
        #expect(
            plan.phases == [
                PlannedPhase(name: "run", start: .zero, end: .seconds(10), kind: .load),
                PlannedPhase(
                    name: "relief", start: .seconds(10), end: .seconds(15), kind: .relief),
                PlannedPhase(
                    name: "after-relief", start: .seconds(15), end: .seconds(30), kind: .load),
            ])
        #expect(
            plan.timeline.map(\.label) == [
                "Relief: 20 % of the load stays, nobody tries again", "The relief is over",
            ])
        #expect(plan.timeline.map(\.at) == [.seconds(10), .seconds(15)])
    }

    @Test("A ramp is cut where it is: the way to its target does not change.")
    func ramp() throws {
        let plan = try self.plan(
            .rampingArrivalRate(
                startRate: Rate(perSecond: 0),
                stages: [StageSpec(name: "up", duration: .seconds(20), target: 20)],
                spacing: .uniform))
        guard case .open(let schedule) = plan.populations[0].load else {
            Issue.record("not open")
            return
        }
        #expect(
            schedule.segments == [
                .init(start: .zero, duration: .seconds(10), from: 0, to: 10, shape: .linear),
                .init(start: .seconds(10), duration: .seconds(5), from: 2, to: 3, shape: .linear),
                .init(start: .seconds(15), duration: .seconds(5), from: 15, to: 20, shape: .linear),
            ])
        #expect(plan.phases.map(\.name) == ["up", "relief", "after-relief"])
    }

    @Test("A smooth stage keeps its arrivals outside the relief, within one.")
    func smooth() throws {
        let load = LoadSpec.rampingArrivalRate(
            startRate: Rate(perSecond: 0),
            stages: [StageSpec(duration: .seconds(20), target: 20, shape: .smooth)],
            spacing: .uniform)
        let whole = try Sample.plan([Sample.population(load)])
        let cut = try self.plan(load)
        for (from, to) in [(0, 10), (15, 20)] as [(Int64, Int64)] {
            let difference =
                try self.arrivals(cut, from: from, to: to)
                - self.arrivals(whole, from: from, to: to)
            #expect(abs(difference) <= 1)
        }
    }

    @Test("Arrivals with times of their own are thinned evenly.")
    func selfExciting() throws {
        let load = LoadSpec.hawkes(
            rate: Rate(perSecond: 200), branching: 0.5, decay: .seconds(1),
            duration: .seconds(30))
        let whole = try self.arrivals(
            Sample.plan([Sample.population(load)]), from: 10, to: 15)
        let cut = try self.arrivals(self.plan(load), from: 10, to: 15)
        #expect(abs(Double(cut) - 0.2 * Double(whole)) <= 1)
    }

    @Test("A fifth of the clients stays, and at least one.")
    func clients() throws {
        for (vus, left) in [(10, 2), (2, 1)] {
            let plan = try self.plan(.constantVUs(vus: vus, duration: .seconds(30)))
            guard case .closed(let curve) = plan.populations[0].load else {
                Issue.record("not closed")
                return
            }
            #expect(
                curve.changes == [
                    .init(at: .zero, clients: vus), .init(at: .seconds(10), clients: left),
                    .init(at: .seconds(15), clients: vus),
                ])
        }
    }

    @Test("Probes keep their load; a relief is story time.")
    func probes() throws {
        let probe = try self.plan(Sample.constant(10, seconds: 30), trafficClass: .probe)
        #expect(try self.arrivals(probe, from: 10, to: 15) == 50)
        let fast = try self.plan(Sample.constant(10, seconds: 60), timeScale: 2)
        #expect(try self.arrivals(fast, from: 5, to: 10) == 25 + 5)
        #expect(fast.phases[1].end == .milliseconds(7_500))
    }
}
