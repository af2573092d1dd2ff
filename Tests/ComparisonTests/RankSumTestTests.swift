import Primitives
import Testing

@testable import Comparison

@Suite struct RankSumTestTests {
    /// Counted by hand over all ways to deal the ranks.
    @Test(
        "Probabilities are exact, ties included.",
        arguments: [
            ([1, 2, 3], [4, 5, 6], 9, 1.0 / 20, 1), ([4, 5, 6], [1, 2, 3], 0, 1, 1.0 / 20),
            ([1, 4, 2, 8], [3, 5, 9, 7], 12, 6.0 / 35, 9.0 / 10),
            ([5.1, 4.9, 5.0, 5.2, 5.0], [5.4, 5.0, 5.6, 5.3, 5.2], 21.5, 5.0 / 126, 62.0 / 63),
            ([1, 1], [1, 1], 2, 1, 1),
            ([10, 10, 11], [10, 12], 4, 4.0 / 10, 9.0 / 10),
        ] as [([Double], [Double], Double, Double, Double)])
    func exact(
        first: [Double], second: [Double], wins: Double, larger: Double, smaller: Double
    ) {
        let test = RankSumTest(first, second)
        #expect(test.wins == wins)
        #expect(abs(test.secondLarger - larger) < 1e-12)
        #expect(abs(test.secondSmaller - smaller) < 1e-12)
    }

    @Test("Five against five cannot get below 1 in 252, three against three not below 1 in 20.")
    func smallest() {
        #expect(abs(RankSumTest.smallest(5, 5) - 1.0 / 252) < 1e-15)
        #expect(abs(RankSumTest.smallest(3, 3) - 1.0 / 20) < 1e-15)
        #expect(RankSumTest.smallest(1, 1) == 0.5)
        let apart = RankSumTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])
        #expect(abs(apart.secondLarger - 1.0 / 252) < 1e-12)
    }

    @Test("What is likely one way is unlikely the other, whatever is compared.")
    func symmetry() {
        for seed in 0..<50 {
            let random = CounterRandom(seed: 7, population: 0, intent: seed, purpose: .size)
            let values = (0..<14).map { Double(random.integer($0, in: 0...9)) }
            let test = RankSumTest(Array(values[..<6]), Array(values[6...]))
            let swapped = RankSumTest(Array(values[6...]), Array(values[..<6]))
            #expect(abs(test.secondLarger - swapped.secondSmaller) < 1e-12)
            #expect(test.wins + swapped.wins == 48)
            #expect(test.secondLarger + test.secondSmaller >= 1 - 1e-12)
        }
    }

    @Test("The approximation for many values meets the exact law where both can be had.")
    func approximation() {
        let first = (0..<30).map { Double($0) }
        for shift in [0.5, 3.5, 6.5, 9.5] {
            let second = first.map { $0 + shift }
            let exact = RankSumTest(first, second)
            // One more value makes it 61: beyond what is counted.
            let near = RankSumTest(first + [14.75], second)
            #expect(abs(exact.secondLarger - near.secondLarger) < 0.02)
        }
    }
}
