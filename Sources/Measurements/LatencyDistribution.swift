import Foundation

/// Response times of a phase as a percentile plot draws them: far into the tail.
///
/// Over all attempts that ended, those without a good answer slowest; the points end where the rank
/// falls among those.
package struct LatencyDistribution: Sendable, Hashable {
    /// One point of the plot.
    package struct Point: Sendable, Hashable {
        /// 1/(1 - quantile): 1 is the fastest, 2 the median, 100 the 99th percentile.
        package var oneIn: Double
        /// The response time at that quantile in milliseconds.
        package var milliseconds: Double
    }
    /// Points a decade of `oneIn`.
    private static let perDecade = 8
    /// Attempts that ended.
    package var total = 0
    /// Of which had a good answer.
    package var good = 0
    /// Ascending in both; the last one of a phase without failures is its slowest attempt.
    package var points: [Point] = []

    /// Nothing ended.
    package init() {}

    /// The distribution of good attempts among all that ended; one pass over the buckets.
    package init(good: SparseHistogram, notGood: Int) {
        self.total = good.total + notGood
        self.good = good.total
        guard self.total > 0 else { return }
        var wanted: [(oneIn: Double, rank: Int)] = []
        for step in 0... {
            let oneIn = pow(10, Double(step) / Double(Self.perDecade))
            guard oneIn < Double(self.total) else { break }
            wanted.append(
                (oneIn, SparseHistogram.rank(1 - 1 / oneIn, of: self.total)))
        }
        wanted.append((Double(self.total), self.total))
        var place = 0
        var seen = 0
        for (index, count) in good.buckets {
            seen += count
            let value = min(SparseHistogram.highestEquivalent(index), good.maximum)
            while place < wanted.count, wanted[place].rank <= seen {
                self.points.append(
                    Point(oneIn: wanted[place].oneIn, milliseconds: Double(value) / 1_000))
                place += 1
            }
        }
    }
}
