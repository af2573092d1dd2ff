import Primitives
import Scenarios

extension ClientSpec {
    /// Adds what makes the phones unable to reach the target at all.
    func check(_ scenario: Scenario, _ mistakes: inout MistakeList) {
        self.checkFamily(scenario.target, &mistakes)
        guard let network = self.network else { return }
        for choice in network.choices {
            guard let trip = choice.profile.roundTrip else { continue }
            let least: Double
            if case .uniform(let low, _) = trip { least = low } else { least = trip.mean }
            let limit = scenario.http.connectTimeout
            guard least >= limit.seconds else { continue }
            mistakes.add(
                "rtt: a connection takes at least one round trip, "
                    + "\(UnitText.format(Nanoseconds(seconds: least))), and http.connectTimeout is"
                    + " \(UnitText.format(limit)): no phone would ever connect",
                at: network.location)
        }
    }

    private func checkFamily(_ target: TargetSpec, _ mistakes: inout MistakeList) {
        guard self.family != .any else { return }
        let address: String
        switch target {
        case .intake: address = "127.0.0.1"
        case .url(let url): address = ClientSpec.host(of: url)
        }
        guard NumericAddress(address) != nil else { return }
        let isSix = address.contains(":")
        guard isSix != (self.family == .ipv6) else { return }
        mistakes.add(
            "family: \(self.family.rawValue) cannot reach the target, \(address), an address of "
                + (isSix ? "IPv6" : "IPv4"), at: self.familyLocation)
    }

    /// The host of a URL, without port and brackets.
    private static func host(of url: String) -> String {
        var rest = Substring(url)
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let user = rest.lastIndex(of: "@") { rest = rest[rest.index(after: user)...] }
        if rest.first == "[" { return String(rest.dropFirst().prefix { $0 != "]" }) }
        return String(rest.prefix { $0 != ":" })
    }
}

extension Plan {
    /// Uploads that most phones' networks cannot finish within their deadline.
    var networkWarnings: [String] {
        self.populations.flatMap { population -> [String] in
            guard let uplink = population.medianUplink else { return [] }
            return population.steps.compactMap { step in
                guard let body = step.request.body else { return nil }
                let seconds = self.materials.meanSize(of: body) / uplink
                guard seconds > step.timeout.seconds else { return nil }
                return
                    "\(population.name): \(step.name) sends its body in about "
                    + "\(UnitText.format(Nanoseconds(seconds: seconds))) on the phones' median "
                    + "uplink, longer than its timeout, \(UnitText.format(step.timeout))"
            }
        }
    }
}

extension PopulationPlan {
    /// The median of the phones' uplinks in bytes per second; nil when most have no limit.
    var medianUplink: Double? {
        self.network.flatMap { NetworkSummary($0).medianUplink }
    }
}
