import Primitives
import Testing

@testable import Comparison

@Suite struct FigureComparisonTests {
    private static let time = RunFigure("response p90", .milliseconds, leastSamples: 100)
    private static let accepted = RunFigure("accepted", .share, leastSamples: 20)
    private static let goodput = RunFigure("goodput", .rate, leastSamples: 20)

    private func compare(
        _ figure: RunFigure, _ base: [Double?], _ new: [Double?],
        _ rule: FigureComparison.Rule = FigureComparison.Rule()
    ) -> FigureComparison {
        FigureComparison(figure, base: base, new: new, rule: rule)
    }

    @Test("Slower by more than the gate in every run is a regression; faster an improvement.")
    func directions() throws {
        let base = [100.0, 101, 99, 100.5, 99.5]
        let slow = base.map { $0 * 1.2 }
        let worse = self.compare(Self.time, base, slow)
        #expect(worse.finding == .regression)
        #expect(abs(try #require(worse.change) - 0.2) < 1e-12)
        #expect(abs(try #require(worse.p) - 2.0 / 252) < 1e-12)
        #expect(self.compare(Self.time, slow, base).finding == .improvement)
        #expect(self.compare(Self.goodput, base, slow).finding == .improvement)
        #expect(self.compare(Self.goodput, slow, base).finding == .regression)
    }

    @Test("A change that is certain but small is none; a large one that may be chance is unclear.")
    func gates() {
        let base = [100.0, 101, 99, 100.5, 99.5]
        #expect(self.compare(Self.time, base, base.map { $0 * 1.09 }).finding == .noChange)
        #expect(self.compare(Self.time, base, [90.0, 99.2, 125, 126, 98]).finding == .noChange)
        #expect(self.compare(Self.time, base, [90.0, 99.2, 125, 126, 127]).finding == .unclear)
        #expect(self.compare(Self.time, base, [110.0, 75, 74, 73, 120]).finding == .noChange)
    }

    @Test("Of short times 5 ms have to be lost, whatever share that is.")
    func absolute() {
        let base = [10.0, 10.1, 9.9, 10.05, 9.95]
        #expect(self.compare(Self.time, base, base.map { $0 + 4.9 }).finding == .noChange)
        #expect(self.compare(Self.time, base, base.map { $0 + 5.1 }).finding == .regression)
        #expect(abs(self.compare(Self.time, base, base).gate - 0.5) < 1e-12)
    }

    @Test("Shares change by points: one of a hundred counts, half of one does not.")
    func points() {
        let base = [0.990, 0.991, 0.992, 0.990, 0.991]
        #expect(self.compare(Self.accepted, base, base.map { $0 - 0.015 }).finding == .regression)
        #expect(self.compare(Self.accepted, base, base.map { $0 - 0.005 }).finding == .noChange)
    }

    @Test("Three against three can show nothing at p 0.05, four against four can.")
    func tooFew() {
        #expect(self.compare(Self.time, [100, 200, 300], [700, 800, 900]).finding == .tooLittle)
        #expect(self.compare(Self.time, [100, 200, 300], [700, 800, 900]).detectable == nil)
        #expect(
            self.compare(Self.time, [100, 101, 102, 103], [700, 800, 900, 950]).finding
                == .regression)
        #expect(self.compare(Self.time, [nil, nil], [1]).finding == .tooLittle)
        #expect(self.compare(Self.time, [nil, nil], [1]).p == nil)
        var loose = FigureComparison.Rule()
        loose.alpha = 0.11
        #expect(
            self.compare(Self.time, [100, 200, 300], [700, 800, 900], loose).finding
                == .regression)
    }

    @Test("A percentile without a good answer is slower than every other.")
    func unanswered() throws {
        let base = [100.0, 101, 99, 100.5, 99.5]
        let broken = [Double.infinity, .infinity, 400, .infinity, .infinity]
        let worse = self.compare(Self.time, base, broken)
        #expect(worse.finding == .regression)
        #expect(try #require(worse.change).isInfinite)
        #expect(self.compare(Self.time, broken, base).finding == .improvement)
        #expect(self.compare(Self.time, broken, broken).finding == .tooLittle)
    }

    @Test("What would have been noticed is the smallest slow-down that would have been.")
    func detectable() throws {
        let base = [100.0, 114, 87, 101, 99]
        let new = [101.0, 98, 113, 100, 86]
        let comparison = self.compare(Self.time, base, new)
        #expect(comparison.finding == .noChange)
        let effect = try #require(comparison.detectable)
        func finding(_ effect: Double) -> FigureComparison.Finding {
            self.compare(Self.time, base, new.map { $0 * (1 + effect) }).finding
        }
        #expect(finding(effect + 0.002) == .regression)
        #expect(finding(effect - 0.002) != .regression)
        #expect(effect >= comparison.gate)
    }

    @Test("Identical systems are called different in at most one comparison of twenty.")
    func falseAlarms() {
        var alarms = 0
        for trial in 0..<400 {
            let random = CounterRandom(seed: 11, population: 0, intent: trial, purpose: .size)
            // Run to run differences of 15 %, log-normal: far more than the gate alone forgives.
            let values = (0..<10).map { index in
                Distribution.lognormal(median: 100, p99: 141.8).value(
                    random.uniform(2 * index), random.uniform(2 * index + 1))
            }
            let finding = self.compare(
                Self.time, Array(values[..<5]), Array(values[5...])
            ).finding
            if finding == .regression { alarms += 1 }
        }
        // Half of 5 % of 400 are expected; 20 is three deviations above.
        #expect(alarms <= 20)
    }
}
