/// Counts of microseconds in HdrHistogram's layout: 1 us to 1 h, 3 significant digits.
///
/// Kept as (bucket, count) pairs, since a second touches few of the 23,552 buckets. Values above
/// one hour are counted in the last bucket and in `overflow`, never clipped silently.
/// Recording costs one probe of a small table, without allocation but for its doublings; merging
/// is addition, in any order with the same result. Layout: Gil Tene, HdrHistogram.
package struct SparseHistogram: Sendable {
    /// One used bucket of the table; an index below zero marks a free slot.
    private struct Slot: Sendable {
        var index: Int32
        var count: Int
    }
    /// Open addressing with linear probing; the size is zero or a power of two.
    ///
    /// Compacted: the used buckets alone, in ascending order, until the next one is recorded.
    private var slots: ContiguousArray<Slot> = []
    /// How many slots are taken; at most three quarters.
    private var used = 0
    /// The sum of all counts.
    package private(set) var total = 0
    /// Values above the highest trackable one.
    package private(set) var overflow = 0
    /// The largest value recorded, in microseconds, exact.
    package private(set) var maximum: Int64 = 0

    /// The largest trackable value: one hour in microseconds.
    package static let highest: Int64 = 3_600_000_000

    /// An empty histogram; costs no allocation.
    package init() {}

    /// Records one value in microseconds; negative values count as zero.
    package mutating func record(_ microseconds: Int64) {
        self.count(SparseHistogram.index(of: microseconds), 1)
        if microseconds > SparseHistogram.highest { self.overflow += 1 }
        if microseconds > self.maximum { self.maximum = microseconds }
    }

    /// Adds a bucket's count, as read from a file.
    ///
    /// - Precondition: `index` lies in `0..<SparseHistogram.length`, `count` is not negative.
    package mutating func add(index: Int32, count: Int) {
        precondition(
            index >= 0 && Int(index) < SparseHistogram.length && count >= 0, "no such bucket")
        if count > 0 { self.count(index, count) }
    }

    /// Adds to a bucket that exists.
    @inline(__always)
    private mutating func count(_ index: Int32, _ count: Int) {
        if self.used * 4 >= self.slots.count * 3 { self.grow() }
        self.total += count
        self.used += self.slots.withUnsafeMutableBufferPointer { table in
            let mask = table.count - 1
            var place = SparseHistogram.place(index, mask)
            while true {
                if table[place].index == index {
                    table[place].count += count
                    return 0
                }
                if table[place].index < 0 {
                    table[place] = Slot(index: index, count: count)
                    return 1
                }
                place = (place + 1) & mask
            }
        }
    }

    /// Sets what a file knows beyond the counts.
    package mutating func restore(maximum: Int64, overflow: Int) {
        self.maximum = Swift.max(self.maximum, maximum)
        self.overflow += overflow
    }

    /// The same counts with what a file knows beyond them.
    func withMaximum(_ maximum: Int64, overflow: Int) -> SparseHistogram {
        var histogram = self
        histogram.maximum = maximum
        histogram.overflow = overflow
        return histogram
    }

    /// Adds another histogram; exact.
    package mutating func merge(_ other: SparseHistogram) {
        guard other.total > 0 else { return }
        if self.total == 0 {
            self = other
            return
        }
        for slot in other.slots where slot.index >= 0 {
            self.add(index: slot.index, count: slot.count)
        }
        self.overflow += other.overflow
        self.maximum = Swift.max(self.maximum, other.maximum)
    }

    /// The used buckets in ascending order of value; costs a sort.
    package var buckets: [(index: Int32, count: Int)] {
        var found: [(index: Int32, count: Int)] = []
        found.reserveCapacity(self.used)
        for slot in self.slots where slot.index >= 0 { found.append((slot.index, slot.count)) }
        found.sort { $0.index < $1.index }
        return found
    }

    /// Counts by bucket index in HdrHistogram's counts array; costs a dictionary.
    package var counts: [Int32: Int] {
        var found: [Int32: Int] = [:]
        for slot in self.slots where slot.index >= 0 { found[slot.index] = slot.count }
        return found
    }

    /// The count of one bucket.
    package func count(at index: Int32) -> Int {
        guard !self.slots.isEmpty else { return 0 }
        if self.used == self.slots.count {
            return self.slots.first { $0.index == index }?.count ?? 0
        }
        let mask = self.slots.count - 1
        var place = SparseHistogram.place(index, mask)
        while self.slots[place].index >= 0 {
            if self.slots[place].index == index { return self.slots[place].count }
            place = (place + 1) & mask
        }
        return 0
    }

    /// The same histogram in the least memory, a third of a table's; to keep, not to record into.
    ///
    /// Recording or merging into it makes it a table again.
    package func compacted() -> SparseHistogram {
        var histogram = self
        histogram.slots = []
        histogram.slots.reserveCapacity(self.used)
        for (index, count) in self.buckets {
            histogram.slots.append(Slot(index: index, count: count))
        }
        return histogram
    }

    /// Makes a table with room: of one that is too full, or of what was compacted.
    private mutating func grow() {
        let old = self.slots
        var size = 16
        while size < self.used * 2 { size *= 2 }
        self.slots = ContiguousArray(repeating: Slot(index: -1, count: 0), count: size)
        let mask = self.slots.count - 1
        for slot in old where slot.index >= 0 {
            var place = SparseHistogram.place(slot.index, mask)
            while self.slots[place].index >= 0 { place = (place + 1) & mask }
            self.slots[place] = slot
        }
    }

    /// Where a bucket's search begins: Fibonacci hashing, since neighbours come in runs.
    private static func place(_ index: Int32, _ mask: Int) -> Int {
        Int((UInt32(bitPattern: index) &* 0x9E37_79B1) >> 12) & mask
    }
}

// MARK: - Equality, whatever the order of recording

extension SparseHistogram: Hashable {
    /// True when counts, overflow and maximum are the same.
    package static func == (left: SparseHistogram, right: SparseHistogram) -> Bool {
        guard left.total == right.total, left.used == right.used,
            left.overflow == right.overflow, left.maximum == right.maximum
        else { return false }
        return left.slots.allSatisfy { $0.index < 0 || right.count(at: $0.index) == $0.count }
    }

    /// Feeds the parts that do not depend on the order of recording.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.total)
        hasher.combine(self.used)
        hasher.combine(self.overflow)
        hasher.combine(self.maximum)
    }
}

// MARK: - Figures

extension SparseHistogram {
    /// The value at a quantile in [0, 1] in microseconds, or nil when empty.
    ///
    /// The highest value equivalent to the one at rank ceil(q x total), as HdrHistogram returns
    /// it, so within 0.1 % of the true one. Costs a sort of the used buckets.
    package func value(atQuantile quantile: Double) -> Int64? {
        self.value(atRank: SparseHistogram.rank(quantile, of: self.total))
    }

    /// The value at a rank counted from 1, or nil when there is no such rank.
    package func value(atRank rank: Int) -> Int64? {
        guard self.total > 0 else { return nil }
        let wanted = Swift.max(1, rank)
        guard wanted <= self.total else { return nil }
        var seen = 0
        for (index, count) in self.buckets {
            seen += count
            if seen >= wanted {
                return Swift.min(SparseHistogram.highestEquivalent(index), self.maximum)
            }
        }
        return self.maximum
    }

    /// The rank of a quantile among `total` values: ceil(q x total), from 1.
    ///
    /// The product is taken down by a few parts in 10^14 first, or 0.07 of 100 would be rank 8.
    package static func rank(_ quantile: Double, of total: Int) -> Int {
        let product = quantile * Double(total) * (1 - 4e-15)
        return Swift.max(1, Int(product.rounded(.up)))
    }

    /// The mean in microseconds at the buckets' middles, or nil when empty.
    package var mean: Double? {
        guard self.total > 0 else { return nil }
        // In order of value: floating-point sums depend on the order, reports must not.
        let sum = self.buckets.reduce(0.0) { sum, entry in
            let low = Double(SparseHistogram.lowestEquivalent(entry.index))
            let high = Double(SparseHistogram.highestEquivalent(entry.index))
            return sum + (low + high) / 2 * Double(entry.count)
        }
        return sum / Double(self.total)
    }

    /// The smallest value that can have been recorded in the lowest used bucket, or nil.
    package var minimum: Int64? {
        self.buckets.first.map { SparseHistogram.lowestEquivalent($0.index) }
    }
}

// MARK: - HdrHistogram's index arithmetic for lowest 1, 3 digits

extension SparseHistogram {
    // 3 digits need 2,000 distinct values in the first bucket: 2,048 sub-buckets, half of which
    // repeat the bucket below.
    private static let subBucketHalfMagnitude = 10
    private static let subBucketMask: Int64 = 2047

    /// The number of buckets of HdrHistogram's counts array for this range.
    package static let length = 23_552

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
