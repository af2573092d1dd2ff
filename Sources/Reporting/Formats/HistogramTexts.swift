import Measurements
import Primitives

extension ReportFormats {
    /// HdrHistogram's interval log, version 1.3: a line for each second, population and outcome.
    ///
    /// `POPULATION/good` holds response times from the intended start, `POPULATION/not_good` the
    /// elapsed times of attempts that ended without a good answer; both in microseconds.
    package var histogramLog: String {
        let manifest = self.record.manifest
        let tags = HistogramTexts.tags(manifest.populations.map(\.name))
        let start = RunClock(started: manifest.started).time(at: 0)
        var output = HistogramLog.header(start: start, software: "Spate \(manifest.version)")
        for row in self.record.seconds {
            for (index, counts) in row.populations.enumerated() where index < tags.count {
                for (outcome, histogram) in [
                    ("good", counts.good), ("not_good", counts.notGood),
                ] where histogram.total > 0 {
                    output += HistogramLog.line(
                        tag: "\(tags[index])/\(outcome)", start: row.second,
                        length: max(1, row.width), histogram: histogram)
                }
            }
        }
        return output
    }

    /// HdrHistogram's percentile text of all response times, in milliseconds, for its plotter.
    ///
    /// Attempts without a good answer rank slowest and have no value: the curve ends where they
    /// begin, and a last comment says how many they are.
    package var percentileText: String {
        var values = SparseHistogram()
        var censored = 0
        for row in self.record.seconds {
            for counts in row.populations {
                values.merge(counts.good)
                censored += counts.notGood.total
            }
        }
        return HistogramTexts.percentiles(values, censored: censored)
    }
}

/// The parts of HdrHistogram's two texts.
enum HistogramTexts {
    /// Names as tags, which must not have commas and blanks; equal ones are told apart.
    static func tags(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.enumerated().map { index, name in
            let plain = String(name.map { $0 == "," || $0.isWhitespace ? "_" : $0 })
            let tag = plain.isEmpty || taken.contains(plain) ? "\(plain)~\(index)" : plain
            taken.insert(tag)
            return tag
        }
    }

    /// Five ticks for each halving of the distance to 100 %: HdrHistogram's own default.
    static func percentiles(_ values: SparseHistogram, censored: Int) -> String {
        var output =
            FormatText.padded("Value", 12) + FormatText.padded("Percentile", 15)
            + FormatText.padded("TotalCount", 11) + FormatText.padded("1/(1-Percentile)", 17)
            + "\n\n"
        let total = values.total + censored
        var seen = 0
        var tick: PercentileTick? = PercentileTick()
        var last: (value: Double, count: Int)?
        func line(_ value: Double, _ share: Double, _ count: Int) {
            output += FormatText.padded(UnitText.fixed(value, 3), 12)
            output += FormatText.padded(UnitText.fixed(share, 12), 15)
            output += FormatText.padded(String(count), 11)
            // At 100 % the last column has no value; HdrHistogram leaves it empty, too.
            if share < 1 { output += FormatText.padded(UnitText.fixed(1 / (1 - share), 2), 17) }
            output += "\n"
        }
        for (index, count) in values.buckets {
            seen += count
            let value =
                Double(min(SparseHistogram.highestEquivalent(index), values.maximum)) / 1_000
            last = (value, seen)
            let share = Double(seen) / Double(total)
            while let level = tick?.level, level <= share {
                line(value, level, seen)
                tick = tick?.next
            }
        }
        if censored == 0, let last { line(last.value, 1, last.count) }
        output += "#[Total count    = \(FormatText.padded(String(total), 12))]\n"
        if censored > 0 {
            output += "#[Not good       = \(FormatText.padded(String(censored), 12))]\n"
        }
        return output
    }
}

/// A percentile of HdrHistogram's text: `place` fifths of the way through a halving.
private struct PercentileTick {
    private var halvings = 0
    private var place = 0

    /// As a share: made of whole numbers each time, since sums of steps would miss a share that is
    /// the same number.
    var level: Double {
        let steps = Double(10 << self.halvings)
        return (steps - 10 + Double(self.place)) / steps
    }

    /// The next tick; nil when the last one is finer than any count.
    var next: PercentileTick? {
        var tick = self
        tick.place = (self.place + 1) % 5
        if tick.place == 0 { tick.halvings += 1 }
        return tick.halvings < 40 ? tick : nil
    }
}
