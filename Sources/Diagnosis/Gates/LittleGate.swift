import Measurements
import Primitives

/// V3: in steady stretches in-flight equals throughput times time (Little, 1961).
struct LittleGate: Sendable {
    let gate: Validity.Gate

    init(_ facts: RunFacts) {
        var present = 0.0
        var predicted = 0.0
        var windows = 0
        var growing = 0
        for start in stride(from: 0, through: facts.length - 10, by: 10) {
            guard let rows = facts.rows(start..<(start + 10)),
                let window = LittleGate.window(rows)
            else { continue }
            if window.isGrowing {
                growing += 1
                continue
            }
            windows += 1
            present += window.present
            predicted += window.predicted
        }
        // In-flight is read once a second: its own counting error belongs to the tolerance.
        guard windows > 0, predicted > 0, present >= 400 else {
            self.gate = Validity.Gate(
                id: "V3", state: .notApplicable,
                detail: "too few intents in flight in steady windows; \(growing) windows growing")
            return
        }
        let error = present / predicted - 1
        let tolerance = 0.05 + 3 / present.squareRoot()
        self.gate = Validity.Gate(
            id: "V3", state: abs(error) <= tolerance ? .ok : .failed,
            detail: "N / (X R) - 1 = \(decimal(error, 3)) over \(windows) steady windows of 10 s,"
                + " \(decimal(tolerance, 3)) allowed; \(growing) windows growing")
    }

    private struct Window {
        var present = 0.0
        var predicted = 0.0
        var isGrowing = false
    }

    private static func window(_ rows: [SecondRow]) -> Window? {
        var levels = Array(repeating: 0.0, count: rows.count)
        var ended = 0
        var accepted = 0
        var busy = 0.0
        for (index, row) in rows.enumerated() {
            for population in row.populations {
                levels[index] += Double(population.inFlight)
                ended += population.intents.values.reduce(0, +)
                accepted += population.ended(.accepted)
                let times = population.intentTimes
                busy += (times.mean ?? 0) / 1e6 * Double(times.total)
            }
        }
        // Only accepted intents have recorded times.
        guard ended >= 50, Double(accepted) >= 0.99 * Double(ended) else { return nil }
        let first = mean(Array(levels.prefix(5))) ?? 0
        let last = mean(Array(levels.suffix(5))) ?? 0
        var window = Window()
        window.present = levels.reduce(0, +)
        window.predicted = busy
        window.isGrowing = abs(last - first) > 0.1 * max(first, last) + 3
        return window
    }
}
