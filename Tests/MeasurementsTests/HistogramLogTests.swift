import Foundation
import Measurements
import Primitives
import Testing

@Suite struct HistogramLogTests {
    /// Written by PyPI `hdrhistogram` 0.10.8: version 1.2, no tags.
    private static let foreign = """
        #[Logged with PyPI hdrhistogram 0.10.8]
        #[Histogram log format version 1.2]
        "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
        1590904080.000000,1.000000,515.000000,HISTFAAAAP54nC2PsSvEYRzGf8/n/V1OJi4ZuCRJknRJxu\
        tm6Qaz/AUGySTDRekGg36TJImbpBtuMphlkCQWyWAycZNk4Hm7e3v7fvs+7/M83+cd2c0KSaJi0jmh2xXLc3\
        aelL86QF20UsQxrPMp/kRgjEwMMsomTRnvoZ7Sz4V4kYciLVFiHzOqNDBUE7O8iV5mLFxljkUacQz0+VmswT\
        JD+JbNPIAraGKrCXO3qLDCJK9wJ2PzlhzmoqbkLIEC4151FqycsrnY4Drm3OZSLHAE+B81bHETF07bbYl78S\
        PHfhTDfOPyq8h7F0+BB3ErTsReiMp2jnbKTr4LnqZ8DPAPSmo02w==
        1590904081.000000,1.000000,2940.000000,HISTFAAAAHR4nJNpmSzMwMAQzAABzFCaEURcm7yEwf4DR\
        GCnD9NEFqa5HEy7OZgOMzG1szDd52ISZ8oGYkGm40xMr5mZQpmWsjI9ZGTazcj0npHpJjPTbQ6mfKafzExrm\
        ZhOszC9ZGGazMSkyfSXjekoM9N2MSYAOX4ZKg==

        """

    @Test("A log of another tool is read: the same totals and percentiles as that tool's.")
    func foreignLog() throws {
        let contents = HistogramLog.read(Array(Self.foreign.utf8))
        #expect(contents.damage == [])
        #expect(contents.intervals.map(\.tag) == [nil, nil])
        #expect(contents.intervals.map(\.start) == [1_590_904_080, 1_590_904_081])
        let first = try #require(contents.intervals.first).histogram
        let last = try #require(contents.intervals.last).histogram
        #expect(first.total == 120)
        #expect(last.total == 30)
        let quantiles = [0.5, 0.9, 0.99, 0.999, 1]
        #expect(
            quantiles.map { first.value(atQuantile: $0) }
                == [5_251, 51_167, 234_367, 515_327, 515_327])
        #expect(
            quantiles.map { last.value(atQuantile: $0) }
                == [136_063, 701_951, 2_940_927, 2_940_927, 2_940_927])
    }

    @Test("Our encoding is theirs, to the byte before compression.")
    func sameBytes() throws {
        // hdrhistogram 0.10.8: 0, 1, 2047 ... 3,600,000,000 once each, 5,000 three million times.
        let text =
            "HISTFAAAADh4nJNpmSzMwMAgzgABzFCaEURcm7yEwf4DRICJ6ac8E8tvfiamg8wNs98x/a5iWryHkQk"
            + "AE/wMdg=="
        let theirs = try HistogramCodec.decode([UInt8](#require(Data(base64Encoded: text))))
        var mine = SparseHistogram()
        for value: Int64 in [
            0, 1, 2047, 2048, 2049, 4095, 4096, 1_000_000, 3_600_000_000,
        ] { mine.record(value) }
        mine.add(index: SparseHistogram.index(of: 5_000), count: 3_000_000)
        #expect(theirs.counts == mine.counts)
        #expect(Data(HistogramCodec.encodeCompressed(mine)).base64EncodedString() == text)
    }

    @Test("Another range and precision is read at its buckets' highest values.")
    func otherLayout() throws {
        // hdrhistogram 0.10.8, lowest 1,000, highest one hour of nanoseconds, two digits.
        let text = "HISTFAAAACp4nJNpmSzMwMDAwQABTBCK+QUQuxnsWMBg/wEiIsh0lpnloyQTAJEfBy8="
        let read = try HistogramCodec.decode([UInt8](#require(Data(base64Encoded: text))))
        #expect(read.total == 4)
        for (index, value) in zip([0.25, 0.5, 1], [5_119, 123_903, 989_855_743] as [Int64]) {
            #expect(
                read.value(atQuantile: index).map(SparseHistogram.index)
                    == SparseHistogram.index(of: value))
        }
    }

    @Test("A log of ours begins as the format says, and a torn last line is not taken.")
    func ownLog() throws {
        var histogram = SparseHistogram()
        histogram.record(1_234)
        let header = HistogramLog.header(
            start: WallTime(milliseconds: 1_590_904_080_250), software: "spate 0.1")
        let line = HistogramLog.line(
            tag: HistogramLog.tag("a b,c/good"), start: 7, length: 1, histogram: histogram)
        #expect(line.hasPrefix("Tag=a_b_c/good,7.000,1.000,1.234,HISTFAAAA"))
        let contents = HistogramLog.read(Array((header + line + line.dropLast()).utf8))
        #expect(contents.startTime == 1_590_904_080.25)
        #expect(contents.intervals.map(\.maximum) == [1.234])
        #expect(contents.intervals.first?.histogram.counts == histogram.counts)
        #expect(contents.damage == ["line 7 is torn"])
    }
}
