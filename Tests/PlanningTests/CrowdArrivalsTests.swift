import Foundation
import Planning
import Primitives
import Scenarios
import Testing

@Suite struct CrowdArrivalsTests {
    private static let cascade = ViralCascade(
        audience: 20_000, seeds: 40, reproduction: 2.5, delay: .seconds(1_200),
        halfLife: .seconds(14_400), share: 0.2)
    private static let length: Int64 = 36_000

    private func schedule(
        _ load: LoadSpec, seed: UInt64 = 42, timeScale: Double = 1, rateFactor: Double = 1,
        startTime: Nanoseconds = .zero
    ) throws -> ArrivalSchedule {
        var scenario = Sample.scenario([Sample.population(load, startTime: startTime)])
        scenario.seed = seed
        scenario.timeScale = timeScale
        let plan = try Plan.make(scenario, materials: DraftMaterials(), rateFactor: rateFactor)
        guard case .open(let schedule) = plan.populations[0].load else {
            throw ScenarioErrors(file: "", mistakes: [], rendered: "not open")
        }
        return schedule
    }

    private func viral(_ spacing: ArrivalSpacing = .poisson) -> LoadSpec {
        .viral(Self.cascade, duration: .seconds(Self.length), spacing: spacing)
    }

    // MARK: - Viral

    /// People who act in each of 60 bins, by the equation, in steps of half a second.
    private static let expected: [Double] = {
        var (open, active) = (cascade.audience - cascade.seeds, cascade.seeds)
        var bins = [Double](repeating: 0, count: 60)
        let perBin = Int(length) / 60
        let step = 0.5
        for index in 0..<(Int(length) * 2) {
            let fading = pow(2, -(Double(index) + 0.5) * step / cascade.halfLife.seconds)
            func exposed(_ open: Double, _ active: Double) -> Double {
                cascade.reproduction * open / cascade.audience * fading * active / 1_200
            }
            let half = exposed(open, active)
            let (middleOpen, middleActive) = (
                open - half * step / 2, active + (half - active / 1_200) * step / 2
            )
            let now = exposed(middleOpen, middleActive)
            bins[index / 2 / perBin] += cascade.share * middleActive / 1_200 * step
            open -= now * step
            active += (now - middleActive / 1_200) * step
        }
        return bins
    }()

    /// Pearson's statistic over the bins of twenty seeds, as standard normal quantiles.
    private func deviation(_ spacing: ArrivalSpacing) throws -> Double {
        var statistic = 0.0
        var freedom = 0.0
        for seed in 1...20 {
            var counts = [Double](repeating: 0, count: 60)
            let schedule = try self.schedule(self.viral(spacing), seed: UInt64(seed))
            for arrival in ArrivalIterator(schedule) { counts[Int(arrival.at.seconds) / 600] += 1 }
            for (count, expected) in zip(counts, Self.expected) where expected > 5 {
                statistic += (count - expected) * (count - expected) / expected
                freedom += 1
            }
        }
        #expect(freedom > 500)
        return (statistic - freedom) / (2 * freedom).squareRoot()
    }

    @Test("Planned viral arrivals match the equation within Poisson error, neither more nor less.")
    func viralCounts() throws {
        // Two-sided at 0.1 %; arrivals spaced evenly are far too regular for it.
        #expect(abs(try self.deviation(.poisson)) < 3.29)
        #expect(try self.deviation(.uniform) < -10)
    }

    @Test("Evenly spaced viral arrivals match the equation to one arrival in every bin.")
    func viralUniform() throws {
        let schedule = try self.schedule(self.viral(.uniform))
        var counts = [Double](repeating: 0, count: 60)
        for arrival in ArrivalIterator(schedule) { counts[Int(arrival.at.seconds) / 600] += 1 }
        for (count, expected) in zip(counts, Self.expected) {
            #expect(abs(count - expected) <= 1.01 + 2e-3 * expected)
        }
        let total = Self.expected.reduce(0, +)
        #expect(abs(schedule.expectedArrivals - total) < 2e-3 * total)
    }

    @Test("Compression keeps the people and makes them come faster; the factor multiplies them.")
    func viralScaling() throws {
        let story = try self.schedule(self.viral(.uniform))
        let wall = try self.schedule(self.viral(.uniform), timeScale: 600, startTime: .seconds(600))
        #expect(abs(wall.expectedArrivals / story.expectedArrivals - 1) < 1e-6)
        #expect(abs(wall.peakRate / story.peakRate / 600 - 1) < 1e-6)
        for (left, right) in zip(ArrivalIterator(story), ArrivalIterator(wall)) {
            #expect(abs(left.at.seconds / 600 + 1 - right.at.seconds) < 1e-5)
        }
        let few = try self.schedule(self.viral(), rateFactor: 0.25)
        #expect(abs(few.expectedArrivals * 4 / story.expectedArrivals - 1) < 1e-9)
    }

    @Test("The outline tells the peak, its time, the total and who sees it.")
    func viralOutline() throws {
        let plan = try Sample.plan([Sample.population(self.viral())])
        let population = plan.outline().populations[0]
        #expect(population.executor == "viral")
        #expect(population.stages.map(\.shape) == ["viral", "viral"])
        let (rise, fall) = (population.stages[0], population.stages[1])
        #expect(rise.to == fall.from)
        let perBin = Self.expected.enumerated().max { $0.element < $1.element }
        let peak = try #require(perBin)
        #expect(abs(rise.to * 600 / peak.element - 1) < 0.01)
        #expect(abs(fall.start - (Double(peak.offset) + 0.5) * 600) <= 400)
        #expect(fall.start + fall.seconds == Double(Self.length))
        let total = Self.expected.reduce(0, +)
        #expect(abs((population.intents ?? 0) - total) < 2e-3 * total)
        let seen = UnitText.fixed(total / 0.2, 0).prefix(3)
        #expect(population.remark?.hasPrefix(seen) == true)
        #expect(population.remark?.contains("of 20000 people see it, 20 % of them act") == true)
        #expect(abs(plan.peakArrivalRate - rise.to) < 1e-9)
        #expect(plan.outline().render(width: 80).contains("viral  "))
    }

    // MARK: - Diurnal

    @Test("A day's course has its mean, its peak's hour and its trough.")
    func diurnal() throws {
        let spec = DiurnalSpec(mean: Rate(perSecond: 6), trough: 0.25, peakAt: .seconds(72_000))
        let load = LoadSpec.diurnal(spec, duration: .seconds(172_800), spacing: .uniform)
        let schedule = try self.schedule(load)
        #expect(abs(schedule.expectedArrivals - 6 * 172_800) < 1)
        // Swing 0.6: between 2.4 and 9.6.
        #expect(abs(schedule.peakRate - 9.6) < 1e-9)
        for hour in 0..<48 {
            let exact = 6 * (1 + 0.6 * cos(2 * .pi * (Double(hour) - 20) / 24))
            #expect(abs(schedule.rate(at: .seconds(Int64(hour) * 3_600)) - exact) < 6 * 0.6 * 3e-4)
        }
        let plan = try Sample.plan([Sample.population(load)])
        #expect(
            plan.outline().populations[0].stages.map(\.start)
                == [0, 8, 20, 32, 44].map { $0 * 3_600 })
    }

    @Test("A day's course follows the story's clock, wherever the population begins.")
    func diurnalStart() throws {
        let load = LoadSpec.diurnal(
            DiurnalSpec(mean: Rate(perSecond: 1)), duration: .seconds(36_000), spacing: .uniform)
        let late = try self.schedule(load, timeScale: 3_600, startTime: .seconds(54_321))
        #expect(abs(late.start.seconds - 54_321.0 / 3_600) < 1e-9)
        #expect(abs(late.rate(at: .seconds(20)) - 5.0 / 3) < 1e-6)
        let end = late.segments.last.map { ($0.start + $0.duration).seconds } ?? 0
        #expect(abs(end - 90_321.0 / 3_600) < 1e-6)
        for (left, right) in zip(late.segments, late.segments.dropFirst()) {
            #expect(left.start + left.duration == right.start)
        }
    }

    @Test("Extreme times end: a peak centuries away, a second after two hundred years.")
    func diurnalExtremes() throws {
        let load = LoadSpec.diurnal(
            DiurnalSpec(
                mean: Rate(perSecond: 10), peakAt: Nanoseconds(.max), period: Nanoseconds(1_000_000)
            ),
            duration: .seconds(1), spacing: .uniform)
        let late = try self.schedule(load, startTime: .seconds(6_300_000_000))
        #expect(abs(late.expectedArrivals - 10) < 0.01)
        #expect(late.segments.count < 150_000)
    }

    // MARK: - Determinism

    @Test("The same seed lists the same bytes, another seed others.")
    func determinism() throws {
        let hawkes = LoadSpec.hawkes(
            rate: Rate(perSecond: 2), branching: 0.7, decay: .seconds(5), duration: .seconds(300))
        let diurnal = LoadSpec.diurnal(
            DiurnalSpec(mean: Rate(perSecond: 1), period: .seconds(600)), duration: .seconds(900),
            spacing: .poisson)
        for load in [self.viral(), hawkes, diurnal] {
            func listing(_ seed: UInt64) throws -> [String] {
                var scenario = Sample.scenario([
                    Sample.population("a", load), Sample.population("b", load),
                ])
                scenario.seed = seed
                let plan = try Plan.make(scenario, materials: DraftMaterials())
                return plan.arrivals().map(\.line)
            }
            let first = try listing(1)
            #expect(try listing(1) == first)
            #expect(try listing(2) != first)
            func times(_ name: String) -> [Substring] {
                first.map { $0.split(separator: "\t") }.filter { $0[1] == name }.map { $0[0] }
            }
            #expect(times("a") != times("b"))
            #expect(times("a").count > 100)
        }
    }
}
