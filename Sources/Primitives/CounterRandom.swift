/// What a draw is for; part of the key, so that adding a draw never shifts another.
package enum DrawPurpose: UInt64, Sendable, CaseIterable {
    /// Gaps between arrivals.
    case arrival = 1
    /// Sizes of generated bodies.
    case size = 2
    /// Bytes of generated bodies.
    case content = 3
    /// Jitter of retries.
    case retry = 4
    /// Think times.
    case think = 5
    /// Rows of data feeders.
    case feeder = 6
    /// Values of template functions.
    case expression = 7
    /// Idempotency keys.
    case key = 8
    /// Which body of a popular set is sent.
    case popularity = 9
    /// How long a person waits.
    case patience = 10
    /// A client's network: its rates, round trip, stalls and disconnects.
    case network = 20
    /// How fast a request's body is sent.
    case uploadRate = 21
    /// Which way of a `pick` is taken.
    case way = 22
}

/// A stateless source of randomness: every draw is f(seed, population, intent, purpose, n).
///
/// Counter-based in the manner of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"
/// (SC 2011), with SplitMix64's finaliser (Steele et al., OOPSLA 2014) as the mixing function.
/// Lanes, machines and retries cannot shift a draw. About 5 ns a draw; no state, no lock.
package struct CounterRandom: Sendable, Hashable {
    private let key: UInt64

    /// The source of one intent's draws for one purpose.
    package init(seed: UInt64, population: Int, intent: Int, purpose: DrawPurpose) {
        var mixed = CounterRandom.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        mixed = CounterRandom.mix(mixed ^ (UInt64(truncatingIfNeeded: population) &+ 0xA24B_AED4))
        mixed = CounterRandom.mix(mixed ^ UInt64(truncatingIfNeeded: intent))
        self.key = CounterRandom.mix(mixed ^ (purpose.rawValue &* 0xD1B5_4A32_D192_ED03))
    }

    /// The `n`-th 64 bits.
    package func bits(_ n: Int) -> UInt64 {
        CounterRandom.mix(self.key &+ UInt64(truncatingIfNeeded: n) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// The `n`-th uniform draw in [0, 1), with 53 random bits.
    package func uniform(_ n: Int) -> Double {
        Double(self.bits(n) >> 11) * 0x1p-53
    }

    /// The `n`-th integer in `range`, by multiplication; bias below 2^-32 for ranges below 2^32.
    package func integer(_ n: Int, in range: ClosedRange<Int>) -> Int {
        // Wrapping, because the widest range is wider than Int.
        let span = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound)) &+ 1
        guard span != 0 else { return Int(truncatingIfNeeded: self.bits(n)) }
        let high = self.bits(n).multipliedFullWidth(by: span).high
        return range.lowerBound &+ Int(truncatingIfNeeded: high)
    }

    /// SplitMix64's finaliser: a bijection of 64 bits.
    package static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
