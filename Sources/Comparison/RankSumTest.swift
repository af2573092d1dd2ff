#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The rank-sum test: whether the values of one group tend to be larger than another's.
///
/// Wilcoxon 1945; Mann and Whitney, "On a test of whether one of two random variables is
/// stochastically larger than the other", 1947.
///
/// Exact for up to 60 values together, ties included: the probability is counted over all ways
/// to deal the ranks that were seen to the two groups. Beyond, the normal approximation with
/// corrections for ties and continuity. Costs at most a few milliseconds.
package struct RankSumTest: Sendable, Hashable {
    /// How often a value of the second group beats one of the first; ties count a half.
    package let wins: Double
    /// The probability of at least so many wins if the groups did not differ.
    package let secondLarger: Double
    /// The probability of at most so many.
    package let secondSmaller: Double

    /// The probability of a difference at least like this one in either direction.
    package var twoSided: Double { min(1, 2 * min(self.secondLarger, self.secondSmaller)) }

    /// The most values for which all ways are counted.
    static let exactLimit = 60

    /// Compares two groups.
    ///
    /// - Precondition: neither is empty, and all values are numbers or infinite.
    package init(_ first: [Double], _ second: [Double]) {
        precondition(!first.isEmpty && !second.isEmpty, "both groups need a value")
        let ranks = RankSumTest.doubledRanks(first + second)
        let sum = ranks[first.count...].reduce(0, +)
        let least = second.count * (second.count + 1)
        self.wins = Double(sum - least) / 2
        if ranks.count <= RankSumTest.exactLimit {
            let ways = RankSumTest.ways(ranks, choosing: second.count)
            let all = ways.reduce(0, +)
            self.secondLarger = ways[sum...].reduce(0, +) / all
            self.secondSmaller = ways[...sum].reduce(0, +) / all
        } else {
            (self.secondLarger, self.secondSmaller) = RankSumTest.approximate(
                ranks, sum: sum, chosen: second.count)
        }
    }

    /// The smallest probability that groups of these sizes can give: all values apart.
    package static func smallest(_ first: Int, _ second: Int) -> Double {
        var ways = 1.0
        for index in 0..<min(first, second) {
            ways *= Double(first + second - index) / Double(index + 1)
        }
        return 1 / ways
    }

    /// Twice each value's rank, from 2 on; equal values share the mean of their ranks.
    private static func doubledRanks(_ values: [Double]) -> [Int] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = Array(repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            for place in start...end { ranks[order[place]] = start + end + 2 }
            start = end + 1
        }
        return ranks
    }

    /// In how many ways each sum can come about, choosing that many of the ranks.
    ///
    /// As floating point: C(60, 30) is 1.2e17, above 2^53, but relative errors stay near 1e-16.
    private static func ways(_ ranks: [Int], choosing count: Int) -> [Double] {
        let most = ranks.reduce(0, +)
        var table = Array(repeating: Array(repeating: 0.0, count: most + 1), count: count + 1)
        table[0][0] = 1
        for rank in ranks {
            for chosen in stride(from: count, through: 1, by: -1) {
                for sum in stride(from: most, through: rank, by: -1) {
                    table[chosen][sum] += table[chosen - 1][sum - rank]
                }
            }
        }
        return table[count]
    }

    private static func approximate(
        _ ranks: [Int], sum: Int, chosen: Int
    ) -> (larger: Double, smaller: Double) {
        let n = Double(ranks.count)
        let m = Double(chosen)
        let values = ranks.map { Double($0) / 2 }
        let mean = values.reduce(0, +) / n
        let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        let deviation = (m * (n - m) / n * spread).squareRoot()
        guard deviation > 0 else { return (1, 1) }
        let distance = Double(sum) / 2 - m * mean
        func tail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }
        return (tail((distance - 0.5) / deviation), tail((-distance - 0.5) / deviation))
    }
}
