import Primitives
import Testing

@testable import Comparison

@Suite struct RunComparisonTests {
    /// A run with a median response time, and seconds around it.
    private func run(
        _ number: Int, p50: Double, seconds: Int = 60,
        change: (inout RunEvidence) -> Void = { _ in }
    ) -> RunEvidence {
        var run = RunEvidence()
        run.id = "run-\(number)"
        run.place = "runs/\(number)"
        run.scenario = "tips"
        run.load = "load"
        run.trafficClass = "genuine"
        run.machine = .init(name: "lab", kernel: "Linux 6", cores: 2, memory: 8_000_000_000)
        run.values = ["response p50": p50, "accepted": 1, "goodput": 50]
        let random = CounterRandom(seed: 3, population: 0, intent: number, purpose: .size)
        run.rows = (0..<seconds).map { second in
            RunEvidence.Row(
                t: Double(second), offered: 50, good: 50,
                p50: p50 * (0.95 + 0.1 * random.uniform(second)), p99: p50 * 3, arrived: 50,
                accepted: 50)
        }
        change(&run)
        return run
    }

    private func group(_ from: Int, _ p50: Double) -> [RunEvidence] {
        (0..<5).map { self.run(from + $0, p50: p50 * (1 + Double($0) / 200)) }
    }

    private func compare(
        _ base: [RunEvidence], _ new: [RunEvidence], force: Bool = false
    ) -> RunComparison {
        RunComparison(base: base, new: new, rule: FigureComparison.Rule(), force: force)
    }

    @Test("Five runs each: equal passes, slower by 20 % is a regression, faster passes.")
    func verdicts() {
        let base = self.group(0, 100)
        #expect(self.compare(base, self.group(5, 100)).verdict == .pass)
        #expect(self.compare(base, self.group(5, 120)).verdict == .regression)
        #expect(self.compare(base, self.group(5, 80)).verdict == .pass)
        #expect(
            self.compare(Array(base.prefix(2)), self.group(5, 120)).verdict == .inconclusive)
        #expect(self.compare(base, []).verdict == .inconclusive)
    }

    @Test("Runs that the machine disturbed are left out where four others of each group remain.")
    func disturbed() {
        var base = self.group(0, 100)
        base[2].disturbed = true
        base[2].values["response p50"] = 300
        let comparison = self.compare(base, self.group(5, 120))
        #expect(comparison.base.count == 4)
        #expect(comparison.excluded.map(\.place) == ["runs/2"])
        #expect(comparison.verdict == .regression)
        // With fewer, what disturbs may be the server itself: all count.
        base[3].disturbed = true
        let all = self.compare(base, self.group(5, 120))
        #expect(all.base.count == 5)
        #expect(all.excluded.isEmpty)
        // Noise hides differences; a pass would claim that there is none.
        base[2].values["response p50"] = 101
        #expect(self.compare(base, self.group(5, 100)).verdict == .inconclusive)
    }

    @Test("A run that does not count does not make the others incomparable.")
    func strangers() {
        var base = self.group(0, 100)
        base[0].fault = "stopped: signal"
        base[0].trafficClass = "noise"
        #expect(self.compare(base, self.group(5, 100)).verdict == .pass)
    }

    @Test("With one run each, seconds without a good percentile are the slowest.")
    func failingSeconds() throws {
        let base = self.run(0, p50: 100)
        let new = self.run(1, p50: 100) { run in
            for row in run.rows.indices {
                run.rows[row].p99 = nil
                run.rows[row].ended = 50
            }
        }
        let comparison = self.compare([base], [new])
        let figure = try #require(comparison.figures.first { $0.figure.name.contains("p99") })
        #expect(figure.newMedian == .infinity)
        #expect(comparison.verdict == .regression)
    }

    @Test("Runs whose figures are not the server's are left out, and named.")
    func faults() {
        var base = self.group(0, 100)
        base[0].fault = "the generator was the limit"
        base[0].values["response p50"] = 900
        let comparison = self.compare(base, self.group(5, 120))
        #expect(comparison.base.count == 4)
        #expect(comparison.excluded.map(\.place) == ["runs/0"])
        #expect(comparison.verdict == .regression)
    }

    @Test(
        "Another machine, load, scenario or time scale is refused, unless forced.",
        arguments: ["machine", "cores", "load", "scenario", "scale"])
    func obstacles(what: String) {
        let new = self.group(5, 120).map { run in
            var run = run
            switch what {
            case "machine": run.machine.name = "other"
            case "cores": run.machine.cores = 4
            case "load": run.load = "more"
            case "scenario": run.scenario = "other"
            default: run.timeScale = 10
            }
            return run
        }
        let refused = self.compare(self.group(0, 100), new)
        #expect(refused.verdict == .refused)
        #expect(refused.obstacles.count == 1)
        #expect(refused.figures.isEmpty)
        let forced = self.compare(self.group(0, 100), new, force: true)
        #expect(forced.verdict == .regression)
        #expect(forced.obstacles == refused.obstacles)
    }

    @Test("Where only reports are at hand, the whole scenario's digest decides.")
    func digests() {
        var one = self.run(0, p50: 100)
        var other = self.run(1, p50: 100)
        one.load = nil
        one.scenarioSHA256 = "a"
        other.scenarioSHA256 = "a"
        #expect(Comparability.obstacles(base: [one], new: [other]).isEmpty)
        other.scenarioSHA256 = "b"
        #expect(Comparability.obstacles(base: [one], new: [other]).count == 1)
    }

    @Test("One run each is advisory: doubled gates, an interval, and too few seconds say nothing.")
    func pairs() throws {
        let base = self.run(0, p50: 100)
        let equal = self.compare([base], [self.run(1, p50: 115)])
        #expect(equal.isAdvisory)
        #expect(equal.verdict == .pass)
        let slower = self.compare([base], [self.run(1, p50: 130)])
        #expect(slower.verdict == .regression)
        let figure = try #require(slower.figures.first)
        let interval = try #require(figure.interval)
        #expect(interval[0] > 0.25)
        #expect(interval[1] < 0.35)
        #expect(interval[0] <= (figure.change ?? 0) && (figure.change ?? 0) <= interval[1])
        let short = self.compare([base], [self.run(1, p50: 130, seconds: 19)])
        #expect(short.verdict == .inconclusive)
    }

    @Test("An interval from blocks holds the change of long series, and is wider for rough ones.")
    func bootstrap() throws {
        func series(_ number: Int, _ spread: Double) -> [Double] {
            let random = CounterRandom(seed: 5, population: 0, intent: number, purpose: .size)
            return (0..<200).map { 100 + spread * (random.uniform($0) - 0.5) }
        }
        func interval(_ spread: Double) throws -> [Double] {
            let (base, new) = (series(0, spread), series(1, spread))
            func mean(_ values: [Double]) -> ([Int]) -> Double? {
                { chosen in chosen.reduce(0) { $0 + values[$1] } / Double(chosen.count) }
            }
            return try #require(
                BlockBootstrap.interval(
                    base: (base.count, mean(base)), new: (new.count, mean(new)),
                    change: { $1 - $0 }))
        }
        let smooth = try interval(2)
        let rough = try interval(20)
        #expect(rough[1] - rough[0] > 5 * (smooth[1] - smooth[0]))
        // The mean of 200 uniform draws of width 20 deviates by 0.41, a difference by 0.58.
        #expect(rough[1] - rough[0] > 1 && rough[1] - rough[0] < 4)
    }
}
