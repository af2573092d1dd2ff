import Histogram
import Measurements
import Primitives
import Testing

@Suite struct SparseHistogramTests {
    /// Values of all magnitudes, each a function of the seed.
    private func values(_ count: Int, seed: UInt64) -> [Int64] {
        let random = CounterRandom(seed: seed, population: 0, intent: 0, purpose: .size)
        return (0..<count).map { place in
            let bits = random.integer(2 * place, in: 0...31)
            return min(
                Int64(random.integer(2 * place + 1, in: 0...(1 << bits))),
                SparseHistogram.highest)
        }
    }

    @Test("Buckets are HdrHistogram's for lowest 1, highest one hour and three digits.")
    func layout() {
        let oracle = Histogram<UInt64>(
            lowestDiscernibleValue: 1, highestTrackableValue: UInt64(SparseHistogram.highest),
            numberOfSignificantValueDigits: .three)
        let edges: [Int64] = [0, 1, 1023, 1024, 2047, 2048, 2049, 4095, 4096, 3_600_000_000]
        for value in edges + self.values(5_000, seed: 3) {
            let index = SparseHistogram.index(of: value)
            let low = SparseHistogram.lowestEquivalent(index)
            let high = SparseHistogram.highestEquivalent(index)
            #expect(UInt64(low) == oracle.lowestEquivalentForValue(UInt64(value)))
            #expect(UInt64(high) == oracle.highestEquivalentForValue(UInt64(value)))
            #expect(SparseHistogram.index(of: low) == index)
        }
        #expect(Int(SparseHistogram.index(of: SparseHistogram.highest)) < SparseHistogram.length)
    }

    @Test("Percentiles are HdrHistogram's, but never above the largest value.", arguments: 1...5)
    func percentiles(seed: UInt64) {
        var mine = SparseHistogram()
        var oracle = Histogram<UInt64>(
            lowestDiscernibleValue: 1, highestTrackableValue: UInt64(SparseHistogram.highest),
            numberOfSignificantValueDigits: .three)
        for value in self.values(997, seed: seed) {
            mine.record(value)
            oracle.record(UInt64(value))
        }
        for percent in [0, 1, 10, 50, 75, 90, 99, 99.9, 100.0] {
            let expected = min(oracle.valueAtPercentile(percent), UInt64(mine.maximum))
            #expect(mine.value(atQuantile: percent / 100).map(UInt64.init) == expected)
        }
    }

    @Test("Compacted, a histogram is the same, and takes in more like any other.", arguments: 0...4)
    func compacted(count: Int) {
        var table = SparseHistogram()
        // Also sizes at which a table is about to grow.
        for value in self.values([0, 1, 12, 96, 1_000][count], seed: 7) { table.record(value) }
        var compact = table.compacted()
        #expect(compact == table && table == compact)
        #expect(compact.counts == table.counts && compact.total == table.total)
        #expect(compact.count(at: 23_000) == table.count(at: 23_000))
        for value in self.values(300, seed: 8) {
            compact.record(value)
            table.record(value)
        }
        #expect(compact == table && table == compact)
        var sum = table.compacted()
        sum.merge(table.compacted())
        #expect(sum.total == 2 * table.total && sum.value(atQuantile: 0.5) != nil)
        #expect(table.counts.allSatisfy { sum.count(at: $0.key) == 2 * $0.value })
    }

    @Test("Merging is addition: in any order and grouping the same histogram.", arguments: 1...5)
    func algebra(seed: UInt64) {
        let parts = (0..<3).map { place in
            var part = SparseHistogram()
            for value in self.values(200, seed: seed * 10 + UInt64(place)) { part.record(value) }
            return part
        }
        var left = parts[0]
        left.merge(parts[1])
        left.merge(parts[2])
        var right = parts[2]
        right.merge(parts[0])
        right.merge(parts[1])
        right.merge(SparseHistogram())
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left.total == 600)
        #expect(left.buckets.reduce(0) { $0 + $1.count } == 600)
        right.record(7)
        #expect(left != right)
    }

    @Test("Values beyond the range are counted at its end and apart, negative ones as zero.")
    func ends() {
        var histogram = SparseHistogram()
        histogram.record(SparseHistogram.highest + 5)
        histogram.record(-3)
        #expect(histogram.overflow == 1)
        #expect(histogram.maximum == SparseHistogram.highest + 5)
        #expect(histogram.count(at: 0) == 1)
        #expect(histogram.value(atRank: 3) == nil)
        #expect(SparseHistogram().value(atQuantile: 0.5) == nil)
    }

    @Test("What is encoded is decoded: the same counts.", arguments: 1...5)
    func codec(seed: UInt64) throws {
        var histogram = SparseHistogram()
        for value in self.values(300, seed: seed) { histogram.record(value) }
        histogram.add(index: 77, count: 3_000_000_000)
        for bytes in [
            HistogramCodec.encode(histogram), HistogramCodec.encodeCompressed(histogram),
        ] {
            let read = try HistogramCodec.decode(bytes)
            #expect(read.counts == histogram.counts)
            #expect(read.total == histogram.total)
        }
    }

    @Test("Bytes that are no histogram are refused, whatever they are.")
    func garbage() throws {
        var histogram = SparseHistogram()
        for value in self.values(50, seed: 9) { histogram.record(value) }
        for bytes in [
            HistogramCodec.encode(histogram), HistogramCodec.encodeCompressed(histogram),
        ] {
            for length in 0..<bytes.count {
                #expect(throws: HistogramCodecError.self) {
                    try HistogramCodec.decode(Array(bytes[..<length]))
                }
            }
            let random = CounterRandom(seed: 4, population: 0, intent: 0, purpose: .content)
            for trial in 0..<2_000 {
                var broken = bytes
                let place = random.integer(2 * trial, in: 0...(bytes.count - 1))
                broken[place] = UInt8(random.integer(2 * trial + 1, in: 0...255))
                _ = try? HistogramCodec.decode(broken)
            }
        }
    }
}
