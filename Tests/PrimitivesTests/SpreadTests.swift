import Foundation
import Testing

@testable import Primitives

@Suite("Spreads of sizes and times")
struct SpreadTests {
    /// A distribution, its distribution function, and values worked out elsewhere (Python).
    struct Law: Sendable, CustomTestStringConvertible {
        var name: String
        var distribution: Distribution
        var table: [(draw: Double, value: Double)]
        var below: @Sendable (Double) -> Double
        var testDescription: String { self.name }
    }

    static let laws: [Law] = [
        Law(
            name: "exponential", distribution: .exponential(mean: 2),
            table: [
                (0, 0), (0.25, 0.575_364_144_903_561_8), (0.5, 1.386_294_361_119_890_6),
                (0.9, 4.605_170_185_988_092), (0.99, 9.210_340_371_976_182),
            ], below: { 1 - exp(-$0 / 2) }),
        Law(
            name: "pareto", distribution: .pareto(min: 10, shape: 1.5),
            table: [
                (0, 10), (0.25, 12.114_137_285_547_597), (0.5, 15.874_010_519_681_996),
                (0.9, 46.415_888_336_127_8), (0.99, 215.443_469_003_188_3),
            ], below: { 1 - pow(10 / $0, 1.5) }),
        Law(
            name: "normal, hardly cut", distribution: .normal(mean: 10, sd: 2),
            table: [], below: { NormalLaw.below(($0 - 10) / 2) }),
        Law(
            name: "normal, cut", distribution: .normal(mean: 10, sd: 5), table: cutNormal,
            below: {
                let hidden = NormalLaw.below(-2)
                return (NormalLaw.below(($0 - 10) / 5) - hidden) / (1 - hidden)
            }),
        Law(
            name: "uniform", distribution: .uniform(min: 3, max: 5),
            table: [(0, 3), (0.25, 3.5), (0.75, 4.5)], below: { ($0 - 3) / 2 }),
        Law(
            name: "lognormal", distribution: .lognormal(median: 100, p99: 1_000), table: [],
            below: { NormalLaw.below(log($0 / 100) / (log(10) / 2.326_347_874_040_841)) }),
    ]

    static let cutNormal: [(draw: Double, value: Double)] = [
        (0.000_1, 0.009033787243913238), (0.25, 6.891393915398877), (0.5, 10.142584632954588),
        (0.9, 16.47311993322567), (0.99, 21.674849103790116),
    ]

    @Test("A draw gives exactly the value whose share it is.", arguments: laws)
    func tables(law: Law) {
        for (draw, value) in law.table {
            let got = law.distribution.value(draw, 0.3)
            #expect(abs(got - value) <= 1e-12 * max(1, value), "\(draw)")
        }
    }

    @Test(
        "Ten thousand draws have the distribution they should (Kolmogorov and Smirnov).",
        arguments: laws)
    func kolmogorovSmirnov(law: Law) {
        let count = 10_000
        let values = (0..<count).map { intent in
            let random = CounterRandom(seed: 11, population: 0, intent: intent, purpose: .size)
            return law.distribution.value(random.uniform(0), random.uniform(1))
        }.sorted()
        var distance = 0.0
        for (index, value) in values.enumerated() {
            let share = law.below(value)
            distance = max(
                distance, share - Double(index) / Double(count),
                Double(index + 1) / Double(count) - share)
        }
        // 1.63 / sqrt(n) is passed by one right sample in a hundred; the seed is fixed.
        #expect(distance < 1.63 / Double(count).squareRoot())
        #expect(distance > 0.001)
    }

    @Test("The mean under a limit is the integral of the share above.", arguments: laws)
    func limitedMeans(law: Law) {
        let highest = law.distribution.value(0.999, 0)
        for limit in [highest / 50, highest / 4, highest] {
            // Simpson's rule on 20,000 stretches.
            let steps = 20_000
            let width = limit / Double(steps)
            func above(_ x: Double) -> Double {
                min(1, max(0, 1 - max(0, law.below(max(x, 1e-9)))))
            }
            var sum = above(0) + above(limit)
            for step in 1..<steps {
                sum += above(Double(step) * width) * (step % 2 == 1 ? 4 : 2)
            }
            let integral = sum * width / 3
            let mean = law.distribution.mean(atMost: limit)
            #expect(abs(mean / integral - 1) < 1e-4, "\(limit)")
        }
        #expect(
            law.distribution.mean(atMost: 1e12) == law.distribution.mean
                || abs(law.distribution.mean(atMost: 1e12) / law.distribution.mean - 1) < 1e-4)
        #expect(law.distribution.mean(atMost: 0) == 0)
    }

    @Test("The extremes of the draws stay finite and are never negative.", arguments: laws)
    func extremes(law: Law) {
        for first in [0, 0x1p-53, 1 - 0x1p-53] {
            let value = law.distribution.value(first, 0.25)
            #expect(value.isFinite && value >= 0)
        }
    }

    @Test("A Pareto distribution may be given by its 99 % quantile, and may have no mean.")
    func pareto() {
        let shape = Distribution.paretoShape(min: 10, p99: 200)
        #expect(abs(shape - log(100) / log(20)) < 1e-15)
        let p99 = Distribution.pareto(min: 10, shape: shape).value(0.99, 0)
        #expect(abs(p99 - 200) < 1e-9)
        #expect(Distribution.pareto(min: 10, shape: 1).mean == .infinity)
        #expect(Distribution.pareto(min: 10, shape: 0.5).mean == .infinity)
        let cut = Distribution.pareto(min: 10, shape: 1).mean(atMost: 1_000)
        #expect(abs(cut - 10 * (1 + log(100))) < 1e-9)
        #expect(Distribution.pareto(min: 10, shape: 2).mean == 20)
    }

    @Test("A bell far below 0 still gives what lies above it.")
    func farBelow() {
        let value = Distribution.normal(mean: 0, sd: 3).value(0.5, 0)
        // The median of the half-normal distribution: 0.6745 sd.
        #expect(abs(value - 3 * 0.674_489_750_196_081_7) < 1e-12)
        #expect(
            abs(Distribution.normal(mean: 0, sd: 3).mean - 3 * (2 / Double.pi).squareRoot()) < 1e-12
        )
    }

    @Test("Scaling a distribution scales every draw.", arguments: laws)
    func scaling(law: Law) {
        let scaled = law.distribution / 2
        for draw in [0.01, 0.3, 0.77, 0.999] {
            let value = law.distribution.value(draw, draw)
            #expect(abs(scaled.value(draw, draw) - value / 2) <= 1e-12 * value)
        }
    }

    @Test("Choices are taken by weight, recorded values each as often as the others.")
    func choices() {
        let weighted = Distribution.choices(WeightedValues([(5, 3), (20, 1), (7, 0)]))
        #expect([0, 0.749, 0.75, 0.999].map { weighted.value($0, 0) } == [5, 5, 20, 20])
        #expect(weighted.mean == 8.75)
        #expect(weighted.mean(atMost: 10) == 6.25)
        let recorded = Distribution.choices(WeightedValues([4, 1, 9, 1]))
        #expect(
            [0, 0.25, 0.5, 0.75, 1 - 0x1p-53].map { recorded.value($0, 0) } == [4, 1, 9, 1, 1])
        #expect(recorded.mean == 3.75)
        #expect((recorded / 0.5).value(0.6, 0) == 18)
        let source = RecordedValues(path: "a", unit: .bytes, line: 3, offset: 9)
        #expect(source == RecordedValues(path: "a", unit: .bytes))
        #expect(source != RecordedValues(path: "a", column: "b", unit: .bytes))
        #expect(Distribution.recorded(source).value(0.5, 0.5) == 0)
    }

    @Test("Medians and 99 % quantiles are those of the draws.", arguments: laws)
    func quantiles(law: Law) {
        #expect(abs(law.below(law.distribution.median) - 0.5) < 1e-5)
        #expect(abs(law.below(law.distribution.percentile99) - 0.99) < 1e-5)
    }

    @Test("The median of choices is the least value that half of them do not exceed.")
    func quantilesOfChoices() {
        #expect(Distribution.choices(WeightedValues([9, 1, 4])).median == 4)
        let weighted = Distribution.choices(WeightedValues([(20, 1), (5, 3)]))
        #expect(weighted.median == 5)
        #expect(weighted.percentile99 == 20)
    }

    // MARK: - Zipf

    @Test("Zipf's shares are k^-s over their sum, and inversion finds each of them.")
    func zipf() {
        let law = CumulativeShares(zipf: 4, exponent: 1)
        // 1 + 1/2 + 1/3 + 1/4 = 25/12.
        for (index, share) in [12.0 / 25, 6.0 / 25, 4.0 / 25, 3.0 / 25].enumerated() {
            #expect(abs(law.share(of: index) - share) < 1e-15)
        }
        #expect(
            [0, 0.479, 0.481, 0.719, 0.721, 0.879, 0.881, 1 - 0x1p-53].map(law.index)
                == [0, 0, 1, 1, 2, 2, 3, 3])
        #expect(CumulativeShares(zipf: 3, exponent: 0).index(0.34) == 1)
        #expect(CumulativeShares(zipf: 1, exponent: 2).index(0.999) == 0)
    }

    @Test(
        "Ten thousand draws from a thousand clips follow Zipf's law (chi-squared).",
        arguments: [0.0, 0.8, 1, 2])
    func zipfDraws(exponent: Double) {
        let law = CumulativeShares(zipf: 1_000, exponent: exponent)
        var counts = [Double](repeating: 0, count: 1_000)
        for intent in 0..<10_000 {
            let random = CounterRandom(
                seed: 5, population: 0, intent: intent, purpose: .popularity)
            counts[law.index(random.uniform(0))] += 1
        }
        // Clips are joined until 50 draws are expected of each class.
        var (classes, statistic, expected, seen) = (0.0, 0.0, 0.0, 0.0)
        for clip in 0..<1_000 {
            expected += law.share(of: clip) * 10_000
            seen += counts[clip]
            guard expected >= 50 || clip == 999 else { continue }
            statistic += (seen - expected) * (seen - expected) / max(expected, 1)
            (classes, expected, seen) = (classes + 1, 0, 0)
        }
        // Mean and standard deviation of chi-squared: k and sqrt(2 k).
        let freedom = classes - 1
        #expect(abs(statistic - freedom) < 3.5 * (2 * freedom).squareRoot())
    }
}
