import Measurements
import Primitives

/// V6: what ended at the client's own deadline is censored: it would have taken longer still.
///
/// Such attempts rank slowest everywhere and never count as having taken the deadline's time; this
/// gate says how many there are and which percentiles are lower bounds for it.
struct CensoringGate: Sendable {
    let gate: Validity.Gate

    init(_ record: RunRecord) {
        var ended = 0
        var censored = 0
        var good = SparseHistogram()
        var notGood = SparseHistogram()
        for row in record.seconds {
            for population in row.populations {
                for (key, count) in population.attempts where key.outcome != .unfinished {
                    ended += count
                    if case .failure(let failure) = key.outcome, failure.isTimeout {
                        censored += count
                    }
                }
                good.merge(population.good)
                notGood.merge(population.notGood)
            }
        }
        guard ended > 0 else {
            self.gate = Validity.Gate(
                id: "V6", state: .notApplicable, detail: "no attempt ended")
            return
        }
        var text =
            "\(censored) of \(ended) attempts (\(percent(Double(censored) / Double(ended)))) ended"
            + " at the client's own deadline and are censored: they rank slowest"
        let total = good.total + notGood.total
        let bounded = [("p50", 0.5), ("p99", 0.99)].first { _, share in
            good.value(atRank: SparseHistogram.rank(share, of: total)) == nil
        }
        if censored > 0, let bounded {
            let least = Double(max(good.maximum, notGood.maximum)) / 1_000
            text +=
                "; from \(bounded.0) on percentiles are lower bounds, at least"
                + " \(decimal(least, 0)) ms"
        }
        self.gate = Validity.Gate(id: "V6", state: .ok, detail: text)
    }
}
