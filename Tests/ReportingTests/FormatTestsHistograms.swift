import Measurements
import Testing

@testable import Reporting

@Suite("HdrHistogram's files")
struct FormatTestsHistograms {
    @Test("The log has a line for each second, population and outcome that has counts.")
    func log() {
        let record = SyntheticRecord.small()
        let text = SyntheticRecord.formats(record).histogramLog
        #expect(
            text.hasPrefix(
                """
                #[Logged with Spate 0.1.0]
                #[Histogram log format version 1.3]
                #[StartTime: 1590904080.250 (seconds since epoch), 2020-05-31T05:48:00.250Z]
                """))
        let contents = HistogramLog.read(Array(text.utf8))
        #expect(contents.damage == [])
        #expect(contents.startTime == 1_590_904_080.25)
        #expect(
            contents.intervals.map(\.tag) == [
                "people/good", "visitors/not_good", "people/good", "people/not_good",
            ])
        #expect(contents.intervals.map(\.start) == [0, 0, 1, 1])
        #expect(contents.intervals.map(\.maximum) == [1.8, 0.9, 2, 0.5])
        let first = record.seconds[0].populations
        let last = record.seconds[1].populations
        #expect(
            contents.intervals.map(\.histogram.counts)
                == [first[0].good, first[1].notGood, last[0].good, last[0].notGood].map(\.counts))
    }

    @Test("Names with commas and blanks make tags of one word, and equal ones stay apart.")
    func tags() {
        #expect(
            HistogramTexts.tags(["a b", "a,b", "", "ß", "a_b"])
                == ["a_b", "a_b~1", "~2", "ß", "a_b~4"])
        let record = SyntheticRecord.small(["two words", "two,words"])
        let text = SyntheticRecord.formats(record).histogramLog
        let contents = HistogramLog.read(Array(text.utf8))
        #expect(contents.damage == [])
        #expect(contents.intervals.compactMap(\.tag).first == "two_words/good")
        #expect(contents.intervals.compactMap(\.tag).dropFirst().first == "two_words~1/not_good")
    }

    private func line(_ value: String, _ level: String, _ count: Int, _ rest: String) -> String {
        "       \(value) 0.\(level)0000000000          \(count)             \(rest)\n"
    }

    /// The curve of seven values of nine; ticks as HdrHistogram has them, five to a halving.
    private var curve: String {
        "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
            + self.line("1.000", "00", 2, "1.00") + self.line("1.000", "10", 2, "1.11")
            + self.line("1.000", "20", 2, "1.25") + self.line("1.200", "30", 3, "1.43")
            + self.line("1.400", "40", 4, "1.67") + self.line("1.600", "50", 5, "2.00")
            + self.line("1.600", "55", 5, "2.22") + self.line("1.800", "60", 6, "2.50")
            + self.line("1.800", "65", 6, "2.86") + self.line("2.000", "70", 7, "3.33")
            + self.line("2.000", "75", 7, "4.00")
    }

    @Test("The curve ends where the attempts without a good answer begin.")
    func censored() {
        let text = SyntheticRecord.formats().percentileText
        let end =
            "       2.000 0.775000000000          7             4.44\n"
            + "#[Total count    =            9]\n#[Not good       =            2]\n"
        #expect(text == self.curve + end)
    }

    @Test("Where all were good it ends at 100 per cent, whose last column is empty.")
    func whole() {
        let text = SyntheticRecord.formats(SyntheticRecord.good()).percentileText
        let lines = text.split(separator: "\n")
        #expect(lines.suffix(2).first == "       2.000 1.000000000000          7")
        #expect(lines.last == "#[Total count    =            7]")
        #expect(lines.dropLast().allSatisfy { !$0.hasPrefix("#") })
    }

    @Test("Each line's value is the one at its rank, and counts never fall.")
    func ranks() throws {
        var values = SparseHistogram()
        for place in 0..<5_000 { values.record(Int64(place * place % 40_009) + 1) }
        let text = HistogramTexts.percentiles(values, censored: 31)
        var before = 0
        var lines = 0
        for line in text.split(separator: "\n").dropFirst() where !line.hasPrefix("#") {
            let cells = line.split(separator: " ").compactMap { Double($0) }
            let level = try #require(cells.dropFirst().first)
            let count = Int(try #require(cells.dropFirst(2).first))
            let rank = SparseHistogram.rank(level, of: 5_031)
            let wanted = try #require(values.value(atRank: rank))
            #expect(cells.first == Double(wanted) / 1_000, "\(line)")
            #expect(count >= before && count >= rank)
            before = count
            lines += 1
        }
        #expect(lines > 30)
        #expect(before == 5_000)
    }

    @Test("A share that is a tick is on its line: 3 of 10 is 0.3, 6 of 10 is 0.6.")
    func exactShares() {
        var values = SparseHistogram()
        for value in 1...10 { values.record(Int64(value)) }
        let lines = HistogramTexts.percentiles(values, censored: 0).split(separator: "\n")
        for (level, value) in [("0.3000", "0.003"), ("0.6000", "0.006"), ("0.7000", "0.007")] {
            let line = lines.first { $0.contains(" \(level)") }
            #expect(line?.drop { $0 == " " }.hasPrefix(value) == true, "\(level)")
        }
    }
}
