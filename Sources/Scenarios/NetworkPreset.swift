import Primitives

/// Networks with a name; docs/networks.md tells where each number comes from.
///
/// Medians are published figures; the spread between phones is an assumption where the source
/// gives one number.
package enum NetworkPreset: String, Sendable, Hashable, Codable, CaseIterable {
    /// A phone on UMTS/HSPA.
    case threeG = "3g"
    /// A phone on LTE.
    case fourG = "4g"
    /// A phone on 5G.
    case fiveG = "5g"
    /// A phone or laptop on a home's Wi-Fi.
    case wifi
    /// A phone in a crowded cell: a match, a demonstration.
    case stadium
    /// A line of the telephone network, as sold in the 2000s.
    case dsl

    /// What it is like.
    package var profile: NetworkProfile {
        var profile = NetworkProfile()
        profile.preset = self
        switch self {
        case .threeG:
            profile.uplink = Self.rate(768_000, p99: 3_000_000)
            profile.downlink = Self.rate(1_600_000, p99: 8_000_000)
            profile.roundTrip = .lognormal(median: 0.3, p99: 1)
        case .fourG:
            profile.uplink = Self.rate(9_000_000, p99: 36_000_000)
            profile.downlink = Self.rate(15_000_000, p99: 60_000_000)
            profile.roundTrip = .lognormal(median: 0.07, p99: 0.3)
        case .fiveG:
            profile.uplink = Self.rate(21_000_000, p99: 100_000_000)
            profile.downlink = Self.rate(166_000_000, p99: 800_000_000)
            profile.roundTrip = .lognormal(median: 0.04, p99: 0.15)
        case .wifi:
            profile.uplink = Self.rate(15_000_000, p99: 60_000_000)
            profile.downlink = Self.rate(30_000_000, p99: 120_000_000)
            profile.roundTrip = .lognormal(median: 0.02, p99: 0.1)
        case .stadium:
            profile.uplink = Self.rate(400_000, p99: 2_000_000)
            profile.downlink = Self.rate(400_000, p99: 4_000_000)
            profile.roundTrip = .lognormal(median: 0.4, p99: 3)
            profile.stalls = NetworkInterruptions.Stalls(
                every: .exponential(mean: 60), length: .lognormal(median: 2, p99: 10))
            profile.disconnects = .exponential(mean: 300)
        case .dsl:
            profile.uplink = .fixed(48_000)
            profile.downlink = .fixed(187_500)
            profile.roundTrip = .fixed(0.05)
        }
        return profile
    }

    /// Bits per second as a distribution of bytes.
    private static func rate(_ bits: Double, p99: Double) -> Distribution {
        .lognormal(median: bits / 8, p99: p99 / 8)
    }
}
