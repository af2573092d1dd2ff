import Measurements
import Primitives
import Testing

@testable import Diagnosis

@Suite struct StatisticsTests {
    @Test("Medians, quantiles and deviations of small samples are exact.")
    func small() {
        #expect(median([]) == nil)
        #expect(median([3, 1, 2]) == 2)
        #expect(median([4, 1, 2, 3]) == 2.5)
        #expect(quantile([0, 10, 20, 30, 40], 0.25) == 10)
        #expect(quantile([0, 10], 0.9) == 9)
        #expect(abs(robustDeviation([1, 2, 3, 4, 5]) - 1.4826) < 1e-12)
        #expect(lagOneCorrelation([1, 1, 1, 1]) == 0)
        #expect(lagOneCorrelation([1, -1, 1, -1, 1]) == 0)
        #expect(abs(lagOneCorrelation([1, 2, 3, 4, 5]) - 0.95) < 1e-12)
    }

    @Test("Wilson's interval agrees with published values.")
    func wilson() throws {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        let first = try #require(wilsonInterval(successes: 81, trials: 263))
        #expect(abs(first[0] - 0.2553) < 5e-5 && abs(first[1] - 0.3662) < 5e-5)
        let second = try #require(wilsonInterval(successes: 15, trials: 148))
        #expect(abs(second[0] - 0.0624) < 5e-5 && abs(second[1] - 0.1605) < 5e-5)
        let third = try #require(wilsonInterval(successes: 0, trials: 20))
        #expect(third[0] == 0 && abs(third[1] - 0.1611) < 5e-5)
        #expect(wilsonInterval(successes: 0, trials: 0) == nil)
    }

    @Test("A step is cut at its place, and a constant series is not cut.")
    func segments() {
        let step = Array(repeating: 1.0, count: 30) + Array(repeating: 5.0, count: 20)
        #expect(Segmentation(step, variance: 0.01).starts == [0, 30])
        #expect(Segmentation(Array(repeating: 2, count: 50), variance: 0.01).starts == [0])
        #expect(Segmentation([1, 2, 3], variance: 1).starts == [0])
        #expect(Segmentation([], variance: 1).starts.isEmpty)
        #expect(Segmentation(step, variance: 0.01).stretches == [0..<30, 30..<50])
    }

    @Test("Cuts agree with an exhaustive search over all pairs of places.")
    func exhaustive() {
        for seed in 1...20 {
            let random = CounterRandom(
                seed: UInt64(seed), population: 0, intent: 0, purpose: .think)
            let values = (0..<40).map { index in
                random.uniform(index) + (index >= 12 ? 3 : 0) + (index >= 27 ? -2 : 0)
            }
            let sums = PrefixSums(values)
            var best = (cost: Double.infinity, places: [Int]())
            for first in 5...30 {
                for second in (first + 5)...35 {
                    let cost =
                        sums.cost(0, first) + sums.cost(first, second) + sums.cost(second, 40)
                    if cost < best.cost { best = (cost, [0, first, second]) }
                }
            }
            #expect(Segmentation(values, variance: 0.3).starts == best.places, "seed \(seed)")
        }
    }

    @Test("A perfect hinge is found exactly, and its interval is the resolution.")
    func hinge() throws {
        let points = (1...40).map { step in
            HingeFit.Point(offered: Double(step * 10), good: min(Double(step * 10), 213))
        }
        let fit = try #require(HingeFit(points))
        #expect(abs(fit.capacity - 213) < 0.05)
        #expect(fit.error < 1)
        let ci = fit.interval(seed: 1)
        #expect(ci[0] > 211 && ci[1] < 215)
        #expect(HingeFit([]) == nil)
        #expect(HingeFit([HingeFit.Point(offered: 0, good: 0)]) == nil)
    }

    @Test("Entries of one group count once and a quarter, vetoes end a family, sums are 1.")
    func ledger() {
        func finding(_ weight: [Family: Double], _ group: String) -> Finding {
            Finding(test: "t", statistic: [:], n: 1, window: 0..<1, weight: weight, group: group)
        }
        let none = Ledger([])
        #expect(abs((none.posteriors.first?.probability ?? 0) - 0.1) < 1e-12)
        #expect(none.posteriors.first?.family == .unknown)
        let twice = Ledger([finding([.reach: 1], "a"), finding([.reach: 0.4], "a")])
        let odds =
            (twice.posteriors.first { $0.family == .reach }?.probability ?? 0)
            / (twice.posteriors.first { $0.family == .off }?.probability ?? 1)
        // 10^(1 + 0.25 * 0.4)
        #expect(abs(odds - 12.589_254) < 1e-5)
        let capped = Ledger([finding([.reach: 2], "a"), finding([.reach: 2], "a")])
        let limit =
            (capped.posteriors.first { $0.family == .reach }?.probability ?? 0)
            / (capped.posteriors.first { $0.family == .off }?.probability ?? 1)
        #expect(abs(limit - 100) < 1e-9)
        var veto = finding([:], "b")
        veto.vetoes = [.reach]
        let vetoed = Ledger([finding([.reach: 2], "a"), veto])
        #expect(!vetoed.posteriors.contains { $0.family == .reach })
        #expect(abs(vetoed.posteriors.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
    }

    @Test("What nothing explains speaks for UNKNOWN.")
    func unknown() {
        let strange = (0..<3).map { index in
            Finding(
                test: "t", statistic: [:], n: 1, window: 0..<1, group: "g\(index)",
                anomalous: true)
        }
        let ledger = Ledger(strange)
        #expect(ledger.posteriors.first?.family == .unknown)
        #expect((ledger.posteriors.first?.probability ?? 0) > 0.7)
    }

    @Test("Figures are written as people read them.")
    func text() {
        #expect(decimal(0.045, 2) == "0.05" && decimal(-1.25, 1) == "-1.3")
        #expect(decimal(196.4, 0) == "196" && decimal(-0.2, 0) == "0")
        #expect(percent(1) == "100 %" && percent(0.998) == "99.8 %" && percent(0.123) == "12 %")
        #expect(percent(0.004) == "0.4 %" && percent(0) == "0 %")
        #expect(clock(91) == "01:31" && clock(3_725) == "1:02:05")
    }
}
