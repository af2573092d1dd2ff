/// Counts of microseconds in HdrHistogram's layout: 1 us to 1 h, 3 significant digits.
///
/// Kept as (bucket, count) pairs, since a second touches few of the 23,552 buckets. Values above
/// one hour are counted in the last bucket and in `overflow`, never clipped silently.
/// Recording costs a hash insert; merging is addition. Layout: Gil Tene, HdrHistogram.
package struct SparseHistogram: Sendable, Hashable {
    /// Counts by bucket index in HdrHistogram's counts array.
    package private(set) var counts: [Int32: Int] = [:]
    /// The sum of all counts.
    package private(set) var total = 0
    /// Values above the highest trackable one.
    package private(set) var overflow = 0
    /// The largest value recorded, in microseconds, exact.
    package private(set) var maximum: Int64 = 0

    /// The largest trackable value: one hour in microseconds.
    package static let highest: Int64 = 3_600_000_000

    /// An empty histogram.
    package init() {}

    /// Records one value in microseconds; negative values count as zero.
    package mutating func record(_ microseconds: Int64) {
        self.add(index: SparseHistogram.index(of: microseconds), count: 1)
        if microseconds > SparseHistogram.highest { self.overflow += 1 }
        if microseconds > self.maximum { self.maximum = microseconds }
    }

    /// Adds a bucket's count, as read from a file.
    package mutating func add(index: Int32, count: Int) {
        self.counts[index, default: 0] += count
        self.total += count
    }

    /// Sets what a file knows beyond the counts.
    package mutating func restore(maximum: Int64, overflow: Int) {
        self.maximum = Swift.max(self.maximum, maximum)
        self.overflow += overflow
    }

    /// Adds another histogram; exact.
    package mutating func merge(_ other: SparseHistogram) {
        guard other.total > 0 else { return }
        if self.total == 0 {
            self = other
            return
        }
        self.counts.merge(other.counts, uniquingKeysWith: +)
        self.total += other.total
        self.overflow += other.overflow
        self.maximum = Swift.max(self.maximum, other.maximum)
    }

    /// The value at a quantile in [0, 1] in microseconds, or nil when empty.
    ///
    /// The highest value equivalent to the one at rank ceil(q x total), as HdrHistogram returns
    /// it, so within 0.1 % of the true one. Costs a sort of the used buckets.
    package func value(atQuantile quantile: Double) -> Int64? {
        self.value(atRank: Int((quantile * Double(self.total)).rounded(.up)))
    }

    /// The value at a rank counted from 1, or nil when there is no such rank.
    package func value(atRank rank: Int) -> Int64? {
        guard self.total > 0 else { return nil }
        let wanted = Swift.max(1, rank)
        guard wanted <= self.total else { return nil }
        var seen = 0
        for (index, count) in self.counts.sorted(by: { $0.key < $1.key }) {
            seen += count
            if seen >= wanted {
                return Swift.min(SparseHistogram.highestEquivalent(index), self.maximum)
            }
        }
        return self.maximum
    }

    /// The mean in microseconds at the buckets' middles, or nil when empty.
    package var mean: Double? {
        guard self.total > 0 else { return nil }
        let sum = self.counts.reduce(0.0) { sum, entry in
            let low = Double(SparseHistogram.lowestEquivalent(entry.key))
            let high = Double(SparseHistogram.highestEquivalent(entry.key))
            return sum + (low + high) / 2 * Double(entry.value)
        }
        return sum / Double(self.total)
    }
}

// MARK: - HdrHistogram's index arithmetic for lowest 1, 3 digits

extension SparseHistogram {
    // 3 digits need 2,000 distinct values in the first bucket: 2,048 sub-buckets, half of which
    // repeat the bucket below.
    private static let subBucketHalfCount: Int64 = 1024
    private static let subBucketHalfMagnitude = 10
    private static let subBucketMask: Int64 = 2047

    /// The index of a value in HdrHistogram's counts array.
    package static func index(of microseconds: Int64) -> Int32 {
        let value = Swift.min(Swift.max(0, microseconds), SparseHistogram.highest)
        let bucket = 64 - (value | subBucketMask).leadingZeroBitCount - 11
        let subBucket = Int(value >> Int64(bucket))
        return Int32(((bucket + 1) << subBucketHalfMagnitude) + subBucket - 1024)
    }

    /// The smallest value that shares a bucket.
    package static func lowestEquivalent(_ index: Int32) -> Int64 {
        var bucket = (Int(index) >> subBucketHalfMagnitude) - 1
        var subBucket = (Int(index) & 1023) + 1024
        if bucket < 0 {
            subBucket -= 1024
            bucket = 0
        }
        return Int64(subBucket) << Int64(bucket)
    }

    /// The largest value that shares a bucket.
    package static func highestEquivalent(_ index: Int32) -> Int64 {
        let bucket = Swift.max(0, (Int(index) >> subBucketHalfMagnitude) - 1)
        return lowestEquivalent(index) + (Int64(1) << Int64(bucket)) - 1
    }
}
