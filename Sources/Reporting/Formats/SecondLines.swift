package import Measurements
import Primitives

/// The run second by second, one JSON object a line: also while the run lasts.
package struct SecondLines: Sendable {
    private let populations: [PopulationFacts]
    private var held: SecondRow?

    /// Lines for the populations of a run.
    package init(_ manifest: RunManifest) {
        self.populations = manifest.populations
    }

    /// The lines that are certain once these rows have come.
    ///
    /// One row is held back, since a row of no width adds to the one before it.
    package mutating func take(_ rows: [SecondRow]) -> String {
        var output = ""
        for row in rows {
            guard var last = self.held else {
                self.held = row
                continue
            }
            if row.width == 0 {
                for index in row.populations.indices where index < last.populations.count {
                    let inFlight = row.populations[index].inFlight
                    last.populations[index].merge(row.populations[index])
                    last.populations[index].inFlight = inFlight
                }
                self.held = last
                continue
            }
            output += self.line(last)
            self.held = row
        }
        return output
    }

    /// The line that was held back.
    package mutating func finish() -> String {
        guard let last = self.held else { return "" }
        self.held = nil
        return self.line(last)
    }

    private func line(_ row: SecondRow) -> String {
        var whole = PopulationSecond()
        var parts: [(String, String)] = []
        for (index, counts) in row.populations.enumerated() where index < self.populations.count {
            whole.merge(counts)
            let outcomes = self.outcomes(counts)
            parts.append(
                (
                    self.populations[index].name,
                    FormatText.object([
                        ("offered", String(counts.offered)), ("done", String(outcomes.done)),
                        ("good", String(counts.goodAttempts)),
                        ("dropped", String(counts.ended(.dropped))),
                    ])
                ))
        }
        let outcomes = self.outcomes(whole)
        let percentiles = RunSummary.Percentiles(good: whole.good, notGood: whole.notGood)
        return FormatText.object([
            ("t", String(row.second)), ("width", String(row.width)),
            ("offered", String(whole.offered)), ("attempts", String(whole.attemptsStarted)),
            ("retries", String(whole.retriesStarted)), ("done", String(outcomes.done)),
            ("good", String(whole.goodAttempts)), ("dropped", String(whole.ended(.dropped))),
            ("in_flight", String(whole.inFlight)), ("bytes_up", String(whole.bytesUp)),
            ("bytes_down", String(whole.bytesDown)),
            ("p50", FormatText.number(percentiles.p50)),
            ("p90", FormatText.number(percentiles.p90)),
            ("p99", FormatText.number(percentiles.p99)),
            ("outcomes", FormatText.object(outcomes.byName)),
            ("populations", FormatText.object(parts)),
        ]) + "\n"
    }

    private func outcomes(_ counts: PopulationSecond) -> (done: Int, byName: [String: Int]) {
        var done = 0
        var byName: [String: Int] = [:]
        for (key, count) in counts.attempts {
            byName[key.outcome.group, default: 0] += count
            if key.outcome != .unfinished { done += count }
        }
        return (done, byName)
    }
}

extension ReportFormats {
    /// The run second by second, one JSON object a line.
    package var seconds: String {
        var lines = SecondLines(self.record.manifest)
        return lines.take(self.record.seconds) + lines.finish()
    }
}
