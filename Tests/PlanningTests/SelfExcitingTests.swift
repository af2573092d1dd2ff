import Foundation
import Planning
import Primitives
import Scenarios
import Testing

@Suite struct SelfExcitingTests {
    private static let process = SelfExcitingProcess(
        base: 2, branching: 0.6, decay: 3, length: .seconds(400))

    private func arrivals(_ seed: Int) -> [Double] {
        let schedule = ArrivalSchedule(
            segments: [
                ArrivalSchedule.Segment(
                    start: .seconds(10), duration: .seconds(400), from: 2, to: 5, shape: .linear)
            ], process: .selfExciting(Self.process), seed: UInt64(seed), population: 0)
        return ArrivalIterator(schedule).map { $0.at.seconds - 10 }
    }

    /// A Hawkes process as Hawkes and Oakes (1974) build it: families of a Poisson process.
    ///
    /// Shares nothing with the iterator but the source of uniform numbers.
    private func branching(_ seed: Int) -> Int {
        let random = CounterRandom(seed: 99, population: seed, intent: 0, purpose: .think)
        var draw = 0
        func uniform() -> Double {
            draw += 1
            return random.uniform(draw)
        }
        func poisson(_ mean: Double) -> Int {
            var (count, product) = (0, uniform())
            while product > exp(-mean) {
                product *= uniform()
                count += 1
            }
            return count
        }
        var waiting: [Double] = []
        for second in 0..<400 {
            for _ in 0..<poisson(2) { waiting.append(Double(second) + uniform()) }
        }
        var count = 0
        while let parent = waiting.popLast() {
            count += 1
            for _ in 0..<poisson(0.6) {
                let child = parent - 3 * log(1 - uniform())
                if child < 400 { waiting.append(child) }
            }
        }
        return count
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    private static func variance(_ values: [Double]) -> Double {
        let mean = mean(values)
        return values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count - 1)
    }

    @Test("Counts have the mean and the variance of the theory, and the law of a brute force.")
    func counts() {
        let ours = (0..<400).map { Double(self.arrivals($0).count) }
        let theirs = (0..<400).map { Double(self.branching($0)) }
        // base/(1-n) (T - n (1 - exp(-(1-n) T/decay)) decay/(1-n)).
        let mean = 5 * (400 - 0.6 * 3 / 0.4)
        // Variance to mean tends to 1/(1-n)^2 = 6.25; standard errors 5.6 and 0.07 of it.
        #expect(abs(Self.mean(ours) - mean) < 3.3 * (6.25 * mean / 400).squareRoot())
        #expect(abs(Self.variance(ours) / mean / 6.25 - 1) < 3.3 * (2.0 / 399).squareRoot())
        #expect(abs(Self.mean(theirs) - mean) < 3.3 * (6.25 * mean / 400).squareRoot())
        // Kolmogorov and Smirnov's two-sample distance; 0.1 % critical value.
        let all = Set(ours + theirs)
        let distance =
            all.map { value in
                abs(
                    Double(ours.count { $0 <= value }) - Double(theirs.count { $0 <= value })) / 400
            }.max() ?? 1
        #expect(distance < 1.95 * (2.0 / 400).squareRoot())
    }

    @Test("Rescaled by their own intensity, gaps are unit exponentials (Ogata 1988).")
    func gaps() {
        var gaps: [Double] = []
        for seed in 1000..<1010 {
            let times = self.arrivals(seed)
            for (index, time) in times.enumerated().dropFirst() {
                let before = times[index - 1]
                var mass = 2 * (time - before)
                // By the definition: the sum over all earlier arrivals that still matter.
                for earlier in times[..<index].suffix(400) {
                    mass += 0.6 * (exp(-(before - earlier) / 3) - exp(-(time - earlier) / 3))
                }
                gaps.append(1 - exp(-mass))
            }
        }
        gaps.sort()
        let count = Double(gaps.count)
        #expect(count > 15_000)
        let distance =
            gaps.enumerated().map { index, law in
                max(abs(law - Double(index) / count), abs(law - Double(index + 1) / count))
            }.max() ?? 1
        #expect(distance < 1.95 / count.squareRoot())
    }

    @Test("Without branching it is a Poisson process; without a base it is nothing.")
    func limits() {
        func count(_ base: Double, _ branching: Double, _ seed: Int) -> Int {
            let process = SelfExcitingProcess(
                base: base, branching: branching, decay: 1, length: .seconds(100))
            let schedule = ArrivalSchedule(
                segments: [], process: .selfExciting(process), seed: UInt64(seed), population: 0)
            return Array(ArrivalIterator(schedule)).count
        }
        let counts = (0..<200).map { Double(count(4, 0, $0)) }
        #expect(abs(Self.mean(counts) - 400) < 3.3 * (400.0 / 200).squareRoot())
        #expect(abs(Self.variance(counts) / 400 - 1) < 3.3 * (2.0 / 199).squareRoot())
        #expect(count(0, 0.9, 1) == 0)
    }

    @Test("The plan expects base/(1 - n) in the long run, and its exact integral in all.")
    func expectation() throws {
        let plan = try Sample.plan([
            Sample.population(
                .hawkes(
                    rate: Rate(perSecond: 2), branching: 0.6, decay: .seconds(3),
                    duration: .seconds(400)), startTime: .seconds(10))
        ])
        guard case .open(let schedule) = plan.populations[0].load else {
            Issue.record("not open")
            return
        }
        let exact = 5 * (400 - 0.6 * 3 / 0.4 * (1 - exp(-0.4 * 400 / 3)))
        #expect(abs(schedule.expectedArrivals / exact - 1) < 1e-4)
        #expect(abs(schedule.peakRate - 5) < 1e-9)
        for time in [0.0, 1, 3, 10, 50] {
            let rate = 5 * (1 - 0.6 * exp(-0.4 * time / 3))
            #expect(abs(schedule.rate(at: Nanoseconds(seconds: 10 + time)) / rate - 1) < 1e-3)
        }
        let stages = plan.outline().populations[0].stages
        #expect(stages.count == 1)
        #expect(stages[0].from == 2)
        let last = Array(ArrivalIterator(schedule)).last?.at ?? .zero
        #expect(last < plan.populations[0].end)
        #expect(
            plan.outline().populations[0].remark
                == "comes in bursts of 2.5 on average; counts vary 6.25 times as much as those of "
                + "poisson")
    }

    @Test("Compression shortens the time of excitement and keeps rate and branching.")
    func compression() throws {
        var scenario = Sample.scenario([
            Sample.population(
                .hawkes(
                    rate: Rate(perSecond: 2), branching: 0.5, decay: .seconds(600),
                    duration: .seconds(36_000)))
        ])
        scenario.timeScale = 100
        let plan = try Plan.make(scenario, materials: DraftMaterials(), rateFactor: 3)
        guard case .open(let schedule) = plan.populations[0].load,
            case .selfExciting(let process) = schedule.process
        else {
            Issue.record("not self-exciting")
            return
        }
        #expect(
            process
                == SelfExcitingProcess(base: 6, branching: 0.5, decay: 6, length: .seconds(360)))
    }
}
