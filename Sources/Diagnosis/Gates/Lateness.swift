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

    /// Judges every planned second; a row that covers several gives them all the same.
    ///
    /// While the process stands still, and in the second after, whatever is late is late by its
    /// own fault: the reference thread belongs to it and stood still, too.
    static func classify(_ facts: GeneratorFacts) -> [Lateness] {
        var samples: [Int: GeneratorSample] = [:]
        for sample in facts.samples { samples[sample.second] = sample }
        var still: Set<Int> = []
        for stop in facts.stops {
            let last = min(facts.length, Int(stop.at + stop.length) + 1)
            for second in max(0, Int(stop.at))..<max(0, Int(stop.at), last + 1) {
                still.insert(second)
            }
        }
        var result: [Lateness] = []
        for row in facts.seconds {
            for second in row.second..<row.end where second < facts.length {
                let kind = judge(
                    lag: max(samples[second]?.lagP99 ?? 0, row.lagP99 ?? 0),
                    medianResponse: row.medianResponse,
                    reference: worstReference(near: second, samples))
                result.append(kind != .onTime && still.contains(second) ? .generator : kind)
            }
        }
        return result
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
