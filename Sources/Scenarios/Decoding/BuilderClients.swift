import Primitives

/// Reads what a population's phones are like.
extension ScenarioBuilder {
    /// The phones of `clients`.
    func clients(_ node: SourceNode?, in population: SourceLocation) -> ClientSpec {
        var clients = ClientSpec()
        clients.familyLocation = node?["family"]?.location ?? population
        guard let node else { return clients }
        clients.network = node["network"].flatMap(self.network)
        clients.connections =
            self.word(node["connections"], ClientSpec.Connections.self) ?? .reuse
        clients.family = self.word(node["family"], AddressFamily.self) ?? .any
        return clients
    }

    private func network(_ node: SourceNode) -> NetworkSpec? {
        guard !node.items.isEmpty else {
            return self.profile(node).map {
                NetworkSpec(
                    choices: [NetworkSpec.Choice(profile: $0)], location: node.location)
            }
        }
        let choices = node.items.compactMap { item -> NetworkSpec.Choice? in
            guard let profile = item["network"].flatMap(self.profile) else { return nil }
            let weight = item["weight"].flatMap(self.number) ?? 1
            return NetworkSpec.Choice(weight: weight, profile: profile)
        }
        return choices.isEmpty ? nil : NetworkSpec(choices: choices, location: node.location)
    }

    /// One network: a preset's name, or a mapping.
    private func profile(_ node: SourceNode) -> NetworkProfile? {
        if node.text != nil {
            return self.word(node, NetworkPreset.self)?.profile
        }
        if node.entries.isEmpty {
            self.diagnostics.report(
                "network: it says nothing; give it a preset, uplink, downlink, rtt, stall or"
                    + " disconnect", at: node)
            return nil
        }
        var profile = self.word(node["preset"], NetworkPreset.self)?.profile ?? NetworkProfile()
        if let uplink = node["uplink"] { profile.uplink = self.linkRate(uplink, "uplink") }
        if let downlink = node["downlink"] {
            profile.downlink = self.linkRate(downlink, "downlink")
        }
        if let rtt = node["rtt"] { profile.roundTrip = self.roundTrip(rtt) }
        if let stall = node["stall"], let every = self.gap(stall["every"]),
            let length = self.length(stall["for"])
        {
            profile.stalls = NetworkInterruptions.Stalls(every: every, length: length)
        }
        if let disconnect = node["disconnect"] {
            profile.disconnects = self.gap(disconnect["every"])
        }
        return profile
    }

    /// A rate in bytes per second, or a distribution of them; never nothing, never absurd.
    func linkRate(_ node: SourceNode, _ label: String) -> Distribution? {
        func value(_ node: SourceNode?) -> Double? {
            guard let node, let text = node.text, let rate = try? UnitText.bitRate(text) else {
                return nil
            }
            let bounds = ClientNetwork.rates
            if rate == 0 {
                self.diagnostics.report(
                    "\(label): \(text) is no rate at all; a network on which nothing moves for a"
                        + " while is a stall", at: node)
                return nil
            }
            if rate < Double(bounds.lowerBound) || rate > Double(bounds.upperBound) {
                self.diagnostics.report(
                    "\(label): \(text) is out of range; write 8bit/s to 10Gbit/s", at: node)
                return nil
            }
            return rate
        }
        if node.text != nil { return value(node).map { .fixed($0) } }
        return self.distribution(node, value: value)
    }

    private func roundTrip(_ node: SourceNode) -> Distribution? {
        if node.text != nil { return self.duration(node).map { .fixed($0.seconds) } }
        return self.distribution(node) { self.duration($0)?.seconds }
    }

    /// A stall's length.
    private func length(_ node: SourceNode?) -> Distribution? {
        guard let node else { return nil }
        if node.text != nil { return self.positive(node, "for").map { .fixed($0.seconds) } }
        return self.distribution(node) { self.duration($0)?.seconds }
    }

    /// What passes between two: a bare span is the mean of an exponential distribution.
    private func gap(_ node: SourceNode?) -> NetworkGap? {
        guard let node else { return nil }
        if node.text != nil {
            return self.positive(node, "every").map { .exponential(mean: $0.seconds) }
        }
        let drawn = self.distribution(node) { self.duration($0)?.seconds }
        if let drawn, drawn.mean <= 0 {
            self.diagnostics.report("every: it is no time at all", at: node)
        }
        return drawn.map { .drawn($0) }
    }
}
