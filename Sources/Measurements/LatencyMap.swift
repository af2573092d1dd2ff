import Foundation

/// How many attempts ended how slowly, over the run: the counts behind a heatmap.
///
/// Columns are equally many seconds each, bands equally wide on a logarithmic axis. Every attempt
/// that ended counts, good or not, by the time from its intended start to its end.
package struct LatencyMap: Sendable, Hashable {
    /// One span of time; bands below the first and above the last are empty.
    package struct Column: Sendable, Hashable {
        /// The first second.
        package var t: Int
        /// The band of the first count.
        package var first: Int
        /// Attempts by band, from `first` on; empty when none ended.
        package var counts: [Int]
    }
    /// The most columns.
    package static let columnLimit = 600
    /// Seconds of a column.
    package var columnSeconds = 1
    /// Where the bands meet, in milliseconds, ascending: one more than there are bands.
    package var edges: [Double] = []
    /// In order of time, without gaps.
    package var columns: [Column] = []

    /// The finest grid: twenty bands a decade, from 1 us to beyond an hour.
    private static let finest = 20
    private static let decades = 10

    /// Counts a record's attempts; one pass over its seconds.
    package init(_ record: RunRecord) {
        guard let end = record.seconds.last?.end, end > 0 else { return }
        let width = max(1, (end + Self.columnLimit - 1) / Self.columnLimit)
        let bands = Self.finest * Self.decades
        var grid = [[Int]](
            repeating: [Int](repeating: 0, count: bands), count: (end + width - 1) / width)
        for row in record.seconds {
            let column = min(max(0, (row.end - 1) / width), grid.count - 1)
            for counts in row.populations {
                for histogram in [counts.good, counts.notGood] where histogram.total > 0 {
                    for (index, count) in histogram.buckets {
                        grid[column][Self.band(index)] += count
                    }
                }
            }
        }
        self.columnSeconds = width
        self.fill(grid)
    }

    /// The finest band of a histogram's bucket, by the bucket's middle.
    private static func band(_ index: Int32) -> Int {
        let low = Double(SparseHistogram.lowestEquivalent(index))
        let high = Double(SparseHistogram.highestEquivalent(index))
        let middle = max(1, (low + high) / 2)
        let place = (log10(middle) * Double(self.finest) + 1e-9).rounded(.down)
        return min(self.finest * self.decades - 1, Int(place))
    }

    /// Keeps the decades that are used, in bands as fine as at most 45 of them allow.
    private mutating func fill(_ grid: [[Int]]) {
        var used: ClosedRange<Int>?
        for column in grid {
            guard let first = column.firstIndex(where: { $0 > 0 }),
                let last = column.lastIndex(where: { $0 > 0 })
            else { continue }
            used = min(used?.lowerBound ?? first, first)...max(used?.upperBound ?? last, last)
        }
        let bottom = (used?.lowerBound ?? 0) / Self.finest
        let top = (used?.upperBound ?? 0) / Self.finest + 1
        let perDecade =
            switch top - bottom {
            case ...2: 20
            case ...4: 10
            case ...9: 5
            default: 4
            }
        let merged = Self.finest / perDecade
        let count = (top - bottom) * perDecade
        self.edges = (0...count).map { step in
            pow(10, Double(bottom) + Double(step) / Double(perDecade)) / 1_000
        }
        self.columns = grid.enumerated().map { place, column in
            let bands = (0..<count).map { band in
                let start = bottom * Self.finest + band * merged
                return column[start..<(start + merged)].reduce(0, +)
            }
            guard let first = bands.firstIndex(where: { $0 > 0 }),
                let last = bands.lastIndex(where: { $0 > 0 })
            else { return Column(t: place * self.columnSeconds, first: 0, counts: []) }
            return Column(
                t: place * self.columnSeconds, first: first, counts: Array(bands[first...last]))
        }
    }
}
