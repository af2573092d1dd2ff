import Primitives
import Scenarios

/// What a population's phones drew, in quantiles.
struct NetworkSummary {
    /// How many phones are asked: those with the first numbers.
    static let sample = 1_000

    /// Sorted bytes per second; empty where no phone has a limit.
    let uplinks: [Double]
    let downlinks: [Double]
    /// Sorted seconds.
    let roundTrips: [Double]

    init(_ plan: NetworkPlan) {
        let clients = (0..<NetworkSummary.sample).map { plan.client(firstIntent: $0) }
        self.uplinks = clients.compactMap { $0.uplink.map(Double.init) }.sorted()
        self.downlinks = clients.compactMap { $0.downlink.map(Double.init) }.sorted()
        self.roundTrips = clients.map(\.roundTrip.seconds).sorted()
    }

    /// The uplink's median in bytes per second; nil when most phones have no limit.
    var medianUplink: Double? {
        self.uplinks.count * 2 > NetworkSummary.sample
            ? NetworkSummary.quantile(self.uplinks, 0.5) : nil
    }

    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
}

extension NetworkPlan {
    /// One line for people: which networks, and the 5th, 50th and 95th of a hundred phones.
    var text: String {
        var parts: [String] = []
        let summary = NetworkSummary(self)
        if let up = NetworkPlan.text(summary.uplinks, UnitText.formatBits) {
            parts.append("up \(up)")
        }
        if let down = NetworkPlan.text(summary.downlinks, UnitText.formatBits) {
            parts.append("down \(down)")
        }
        let trips = NetworkPlan.text(summary.roundTrips) {
            UnitText.format(Nanoseconds(seconds: $0))
        }
        if let trips, summary.roundTrips.last ?? 0 > 0 { parts.append("rtt \(trips)") }
        parts += NetworkPlan.unique(self.choices.compactMap(\.profile.stalls)).map {
            "stalls every \(NetworkPlan.text($0.every)) for \(NetworkPlan.text($0.length))"
        }
        parts += NetworkPlan.unique(self.choices.compactMap(\.profile.disconnects)).map {
            "lost every \(NetworkPlan.text($0))"
        }
        if !self.keepsConnections { parts.append("a connection per request") }
        if self.family != .any { parts.append("\(self.family.rawValue) only") }
        let names = self.names
        let text = parts.joined(separator: ", ")
        return names.isEmpty ? text : "\(names): \(text)"
    }

    /// The networks by name, with their shares where there are several.
    private var names: String {
        let total = self.choices.reduce(0) { $0 + $1.weight }
        return self.choices.map { choice in
            let name = choice.profile.preset?.rawValue ?? "own"
            guard self.choices.count > 1, total > 0 else { return name }
            return "\(UnitText.trimmed(choice.weight / total * 100)) % \(name)"
        }.joined(separator: ", ")
    }

    /// The 5th, 50th and 95th of a hundred; one value where all are alike.
    private static func text(_ sorted: [Double], _ format: (Double) -> String) -> String? {
        guard let first = sorted.first, let last = sorted.last else { return nil }
        if first == last { return format(first) }
        let shares = [0.05, 0.5, 0.95].map { format(NetworkSummary.quantile(sorted, $0)) }
        return "\(shares[1]) (5 % below \(shares[0]), 5 % above \(shares[2]))"
    }

    private static func text(_ gap: NetworkGap) -> String {
        switch gap {
        case .exponential(let mean): UnitText.format(Nanoseconds(seconds: mean))
        case .drawn(let distribution): self.text(distribution)
        }
    }

    private static func text(_ distribution: Distribution) -> String {
        UnitText.format(Nanoseconds(seconds: distribution.mean))
    }

    private static func unique<Value: Equatable>(_ values: [Value]) -> [Value] {
        values.reduce(into: []) { list, value in
            if !list.contains(value) { list.append(value) }
        }
    }
}
