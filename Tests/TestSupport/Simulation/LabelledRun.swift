package import Measurements
import Primitives

/// A simulated run together with the truth about it.
package struct LabelledRun: Sendable {
    /// The mechanism's id (docs/diagnosis.md), `HEALTHY` or `UNKNOWN`.
    package var truth: String
    /// Mechanisms that ride on it, and the form its queue has: `M03`, `M04`, `M21`, `M26`.
    package var overlays: [String] = []
    /// Which part of the parameters' space it comes from, 0 to 2: for splitting, never by seed.
    package var region: Int
    /// The draw's number.
    package var number: Int
    /// The load's shape in a word.
    package var shape: String
    /// Seconds from the start at which the cause began; nil when nobody can say.
    package var onset: Double?
    /// Units a second that it can do; nil where that is not what fails.
    package var capacity: Double?
    /// The run itself.
    package var simulation: Simulation

    /// Its name, such as `M05-12`.
    package var id: String { "\(self.truth)-\(self.number)" }

    /// Plays it.
    package func record() -> RunRecord { self.simulation.outcome().record }

    /// Every label that `draw` knows.
    package static let labels: [String] = [
        "M01", "M02", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12", "M13", "M14", "M15",
        "M16", "M17", "M18", "M19", "M20", "M22", "M23", "M24", "M25", "M27", "HEALTHY",
        "UNKNOWN",
    ]

    /// The n-th draw of a mechanism's parameters and of the load's shape.
    ///
    /// The same every time. M03 and M04 come as overlays of M01 and M02, M26 of healthy runs, M21
    /// from `storm`.
    package static func draw(_ label: String, number: Int) -> LabelledRun {
        var draw = MechanismDraw(label: label, number: number)
        draw.choose(label)
        return draw.run
    }

    /// Whether the clients could notice anything: what the validation asks of real runs, too.
    ///
    /// Goodput down by at least 5 % or p95 up by half, for 10 s, against the first 15 s.
    package static func hasImpact(_ record: RunRecord) -> Bool {
        let facts = record.manifest.populations
        func people(_ row: SecondRow) -> [PopulationSecond] {
            zip(facts, row.populations).filter { $0.0.trafficClass != .probe }.map { $0.1 }
        }
        let rows = record.seconds.prefix(Int(record.manifest.plannedSeconds))
        var baseline = SparseHistogram()
        var judged = (done: 0, good: 0)
        for row in rows.prefix(15) {
            for second in people(row) {
                baseline.merge(second.good)
                judged.done += second.attempts.values.reduce(0, +)
                judged.good += second.goodAttempts
            }
        }
        guard judged.done > 0 else { return false }
        let usual = Double(judged.good) / Double(judged.done)
        let slow = 1.5 * Double(baseline.value(atQuantile: 0.95) ?? 0)
        var bad = 0
        for row in rows.dropFirst(15) {
            var times = SparseHistogram()
            var done = 0
            var good = 0
            for second in people(row) {
                times.merge(second.good)
                times.merge(second.notGood)
                done += second.attempts.values.reduce(0, +)
                good += second.goodAttempts
            }
            guard done >= 5 else { continue }
            let isBad =
                Double(good) < 0.95 * usual * Double(done)
                || Double(times.value(atQuantile: 0.95) ?? 0) > slow
            bad += isBad ? 1 : 0
        }
        return bad >= 10
    }
}
