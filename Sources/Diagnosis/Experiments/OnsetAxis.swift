#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What runs of different designs have in common when trouble begins (research: diagnosis, 3.7).
package enum OnsetAxis: String, Sendable, Hashable, CaseIterable {
    /// Requests per second.
    case rate
    /// Requests or held connections at once.
    case concurrency
    /// Bytes sent since the start.
    case bytes
    /// Requests sent since the start.
    case requests
    /// Seconds since the start.
    case elapsed
    /// The time of day.
    case clock
    /// Requests per second and key.
    case perKey = "per_key"
    /// The size of one body.
    case bodySize = "body_size"

    /// What it is called in a sentence.
    package var words: String {
        switch self {
        case .rate: "the rate"
        case .concurrency: "the number at once"
        case .bytes: "the bytes sent"
        case .requests: "the number of requests"
        case .elapsed: "the time since the start"
        case .clock: "the time of day"
        case .perKey: "the rate per client"
        case .bodySize: "the size of a body"
        }
    }

    /// Ranks the axes that every run knows, the most constant first.
    ///
    /// Values are natural logarithms of the axis at onset, scaled by the caller to log time: the
    /// cumulative ones are halved on a linear ramp. Empty with fewer than two runs.
    package static func rank(_ runs: [[OnsetAxis: Double]]) -> [(axis: OnsetAxis, score: Double)] {
        guard runs.count >= 2 else { return [] }
        let scored = OnsetAxis.allCases.compactMap { axis -> (axis: OnsetAxis, score: Double)? in
            let values = runs.compactMap { $0[axis] }
            guard values.count == runs.count else { return nil }
            let mean = values.reduce(0, +) / Double(values.count)
            let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (axis, sum / Double(values.count - 1))
        }
        return scored.sorted { $0.score < $1.score }
    }

    /// The decimal log likelihood ratio for an axis of variance `one` over `other`, within 2.
    package static func logRatio(_ one: Double, over other: Double, runs: Int) -> Double {
        if one == other { return 0 }
        if one == 0 { return 2 }
        if other == 0 { return -2 }
        return min(2, max(-2, Double(runs) / 2 * log10(other / one)))
    }
}
