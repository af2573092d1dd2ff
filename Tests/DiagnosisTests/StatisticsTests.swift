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

    @Test("A line is found exactly, and a step leaves a quarter of its variance unexplained.")
    func lines() throws {
        let line = try #require(
            LinearFit((0..<20).map { (x: Double($0), y: 3 + 0.5 * Double($0)) }))
        #expect(abs(line.slope - 0.5) < 1e-12 && abs(line.intercept - 3) < 1e-9)
        #expect(abs(line.explained - 1) < 1e-9)
        let step = try #require(
            LinearFit((0..<1_000).map { (x: Double($0), y: $0 < 500 ? 0 : 1) }))
        #expect(abs(step.explained - 0.75) < 0.01)
        #expect(LinearFit([(x: 1, y: 1), (x: 1, y: 2), (x: 1, y: 3)]) == nil)
        #expect(LinearFit([(x: 1, y: 1), (x: 2, y: 2)]) == nil)
    }

    @Test("Pooling gives the closest rising steps.")
    func isotonic() {
        #expect(isotonicFit([1, 2, 3], weights: [1, 1, 1]) == [1, 2, 3])
        #expect(isotonicFit([3, 1], weights: [1, 1]) == [2, 2])
        #expect(isotonicFit([0, 1, 0, 1], weights: [1, 1, 1, 1]) == [0, 0.5, 0.5, 1])
        #expect(isotonicFit([4, 1], weights: [1, 2]) == [2, 2])
        #expect(isotonicFit([], weights: []).isEmpty)
    }

    @Test("Tails of chi-square agree with tables.")
    func tails() {
        // The 5 % points of any table of the distribution.
        for (degrees, point) in [(3, 7.815), (10, 18.307), (30, 43.773)] {
            #expect(abs(chiSquareTail(point, degrees: degrees) - 0.05) < 0.001, "\(degrees)")
        }
        #expect(chiSquareTail(10.828, degrees: 1) < 0.002)
        #expect(chiSquareTail(0, degrees: 3) == 1)
        #expect(chiSquareTail(1, degrees: 0) == 1)
    }

    @Test("Chances to exceed, quantiles by weight and shares are exact.")
    func ranks() {
        #expect(exceedance(of: [1, 2], by: [3, 4]) == 1)
        #expect(exceedance(of: [1, 2], by: [1, 2]) == 0.5)
        #expect(exceedance(of: [], by: [1]) == nil)
        #expect(weightedQuantile([(1, 1), (5, 3)], 0.5) == 5)
        #expect(weightedQuantile([(1, 3), (5, 1)], 0.5) == 1)
        #expect(weightedQuantile([], 0.5) == nil)
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
