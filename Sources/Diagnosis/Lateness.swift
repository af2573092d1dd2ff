import Measurements

/// Whether a second's arrivals started on time, and whose fault it is if not.
///
/// A second is late when the p99 delay of starts exceeds max(20 ms, 5 % of the second's median
/// response). It is the generator's fault when that is also more than twice the lateness of a
/// bare reference thread in that second or one of the two on each side; otherwise the machine's.
enum Lateness: Sendable, Hashable {
    /// Within the tolerance.
    case onTime
    /// Late, and so was the reference thread; or no reference tells.
    case machine
    /// Late although the reference thread was not.
    case generator

    /// Judges one second; times in milliseconds.
    static func judge(lag: Double, medianResponse: Double?, reference: Double?) -> Lateness {
        let tolerance = max(20, 0.05 * (medianResponse ?? 0))
        guard lag > tolerance else { return .onTime }
        // Without a reference nobody can tell the two apart; the milder verdict is taken.
        guard let reference else { return .machine }
        return lag > 2 * reference ? .generator : .machine
    }

    /// Judges every row.
    static func classify(_ record: RunRecord, rows: [SecondRow]) -> [Lateness] {
        var samples: [Int: GeneratorSample] = [:]
        for sample in record.generator { samples[sample.second] = sample }
        return rows.map { row in
            var lag = SparseHistogram()
            var good = SparseHistogram()
            var notGood = SparseHistogram()
            for population in row.populations {
                lag.merge(population.lag)
                good.merge(population.good)
                notGood.merge(population.notGood)
            }
            let sample = samples[row.second]
            let recorded = lag.value(atQuantile: 0.99).map { Double($0) / 1_000 }
            let middle = (good.total + notGood.total + 1) / 2
            let response = good.value(atRank: middle) ?? notGood.value(atQuantile: 0.5)
            return judge(
                lag: max(sample?.lagP99 ?? 0, recorded ?? 0),
                medianResponse: response.map { Double($0) / 1_000 },
                reference: worstReference(near: row.second, samples))
        }
    }

    /// The reference's lateness in a second and its neighbours, the worst of them.
    ///
    /// A neighbour on the machine stalls one core at a time: in the second in which it hits the
    /// lane, the one reference thread may run undisturbed on another core and be hit in the next.
    /// Measured in a flood beside such a neighbour: lanes at 71 and 98 ms in seconds in which the
    /// reference said 28 and 42, and 109 and 106 a second earlier. A lane that is the limit
    /// itself is late for longer than that, beside a reference that stays on time.
    private static func worstReference(
        near second: Int, _ samples: [Int: GeneratorSample]
    ) -> Double? {
        (second - 2...second + 2).compactMap { samples[$0]?.referenceP99 }.max()
    }
}
