import Measurements
import Primitives

extension Detector {
    /// Failures that all take the same time, and not the clients': a deadline behind the server
    /// (research: diagnosis, M16 and 3.6).
    static let deadline = Detector(
        purpose: "Do failures share one duration that is not the clients' own deadline?",
        tests: ["deadline_mode"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        // A client's own timeouts are censored: they end when the client says so.
        let failed = file.during.filter {
            !$0.isGood && $0.failure?.isTimeout != true
                && $0.failure?.isBeforeConnection != true
        }
        guard failed.count >= 20 else { return [] }
        let own = file.ownDeadlines
        let slow = failed.compactMap { attempt -> (value: Double, weight: Double)? in
            // A proxy counts from the last byte of the request where that is known.
            let time = attempt.span(.wait) ?? attempt.service
            guard time >= 500, !own.contains(where: { abs(time - $0) <= 0.02 * $0 }) else {
                return nil
            }
            return (time, attempt.weight)
        }.sorted { $0.value < $1.value }
        let mode = DeadlineMode(slow)
        let share = mode.weight / failed.weight
        return [
            Finding(
                "deadline_mode", fired: mode.n >= 20 && share >= 0.5, group: "deadline",
                n: failed.count, window: trouble,
                ["share": share, "deadline_ms": mode.middle, "in_mode": Double(mode.n)])
        ]
    }
}

/// The 1 % of width that holds the most of sorted times.
private struct DeadlineMode {
    var weight = 0.0
    var n = 0
    var middle = 0.0

    init(_ sorted: [(value: Double, weight: Double)]) {
        var first = 0
        var sum = 0.0
        for last in sorted.indices {
            sum += sorted[last].weight
            while sorted[first].value * 1.01 < sorted[last].value {
                sum -= sorted[first].weight
                first += 1
            }
            if sum > self.weight {
                self.weight = sum
                self.n = last - first + 1
                self.middle = (sorted[first].value + sorted[last].value) / 2
            }
        }
    }
}
