import Primitives
import Testing

@Suite struct DistributionTests {
    private func sorted(_ distribution: Distribution, _ count: Int) -> [Double] {
        (0..<count).map { intent in
            let draws = CounterRandom(seed: 3, population: 0, intent: intent, purpose: .size)
            return distribution.value(draws.uniform(0), draws.uniform(1))
        }.sorted()
    }

    @Test("A fixed value is always itself.")
    func fixed() {
        #expect(Distribution.fixed(7).value(0, 0) == 7)
        #expect(Distribution.fixed(7).value(0.999, 0.5) == 7)
        #expect(Distribution.fixed(7).mean == 7)
    }

    @Test("A uniform distribution is linear in its draw.")
    func uniform() {
        let distribution = Distribution.uniform(min: 10, max: 20)
        #expect(distribution.value(0, 0) == 10)
        #expect(distribution.value(0.25, 0.9) == 12.5)
        #expect(distribution.mean == 15)
    }

    @Test("An exponential distribution has the quantiles and the mean it promises.")
    func exponential() {
        let distribution = Distribution.exponential(mean: 20)
        let values = self.sorted(distribution, 200_000)
        let mean = values.reduce(0, +) / 200_000
        #expect(abs(mean / 20 - 1) < 0.01)
        #expect(abs(values[100_000] / distribution.median - 1) < 0.015)
        #expect(abs(values[198_000] / distribution.percentile99 - 1) < 0.04)
        // 20 ln 2 and 20 ln 100.
        #expect(abs(distribution.median - 13.862_943_611) < 1e-8)
        #expect(abs(distribution.percentile99 - 92.103_403_720) < 1e-8)
    }

    @Test("A distribution divided is that of each value divided.")
    func divided() {
        let distributions: [Distribution] = [
            .fixed(8), .uniform(min: 2, max: 6), .lognormal(median: 4, p99: 40),
            .exponential(mean: 4),
        ]
        for distribution in distributions {
            let half = distribution / 2
            for (first, second) in [(0.1, 0.2), (0.5, 0.9), (0.99, 0.4)] {
                let value = distribution.value(first, second)
                #expect(abs(half.value(first, second) - value / 2) < 1e-12)
            }
            #expect(abs(half.mean - distribution.mean / 2) < 1e-12)
            #expect(half.percentile99 == distribution.percentile99 / 2)
        }
    }

    @Test("A log-normal distribution has the median, 99 % quantile and mean it promises.")
    func lognormal() {
        let distribution = Distribution.lognormal(median: 12_288, p99: 196_608)
        let values = self.sorted(distribution, 200_000)
        let median = values[100_000]
        let p99 = values[198_000]
        let mean = values.reduce(0, +) / 200_000
        // Standard errors: 0.35 % of the median, 1 % of p99, 0.5 % of the mean.
        #expect(abs(median / 12_288 - 1) < 0.015)
        #expect(abs(p99 / 196_608 - 1) < 0.04)
        #expect(abs(mean / distribution.mean - 1) < 0.02)
        // exp(sigma^2 / 2) with sigma = ln(16) / 2.3263478740 = 1.19182
        #expect(abs(distribution.mean / (12_288 * 2.034_4) - 1) < 0.001)
    }

    @Test("The extremes of the draws stay finite and positive.")
    func extremes() {
        let distribution = Distribution.lognormal(median: 1, p99: 10)
        let nearlyOne = 1 - 0x1p-53
        for first in [0, nearlyOne] {
            for second in [0, 0.5, nearlyOne] {
                let value = distribution.value(first, second)
                #expect(value.isFinite && value > 0)
            }
        }
    }

    @Test("A log-normal distribution whose quantiles are equal is a constant.")
    func degenerate() {
        #expect(Distribution.lognormal(median: 5, p99: 5).value(0.3, 0.7) == 5)
    }
}
