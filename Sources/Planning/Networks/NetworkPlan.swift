package import Primitives
package import Scenarios

/// The networks of a population's phones: what each draws follows from the seed and its number.
///
/// A phone is numbered by its first intent, so lanes, retries and other populations never shift
/// what it draws. All of it is wall time, whatever the time scale: networks are as fast as they
/// are.
package struct NetworkPlan: Sendable, Hashable {
    /// Draws that belong to the profile; stalls and disconnects take those after 64.
    private enum Draw {
        static let choice = 0
        static let uplink = 1
        static let downlink = 3
        static let roundTrip = 5
    }
    /// The networks with their shares; none for phones on the machine's own.
    package var choices: [NetworkSpec.Choice]
    /// False to open a new connection for each request.
    package var keepsConnections: Bool
    /// The addresses the phones can reach.
    package var family: AddressFamily
    /// The seed of every draw, and the population's index.
    package var seed: UInt64
    /// The population's index, part of every draw's key.
    package var population: Int

    /// The plan of a population's phones; nil when they are on the machine's own network.
    init?(_ clients: ClientSpec, seed: UInt64, population: Int) {
        guard clients != ClientSpec(ignoringLocationOf: clients) else { return nil }
        self.choices = clients.network?.choices ?? []
        self.keepsConnections = clients.connections == .reuse
        self.family = clients.family
        self.seed = seed
        self.population = population
    }

    /// The network of the phone whose first intent has that number; 50 ns.
    package func client(firstIntent intent: Int) -> ClientNetwork {
        let random = CounterRandom(
            seed: self.seed, population: self.population, intent: intent, purpose: .network)
        var network = ClientNetwork()
        network.keepsConnections = self.keepsConnections
        network.family = self.family
        guard let profile = self.profile(random.uniform(Draw.choice)) else { return network }
        func value(_ distribution: Distribution, _ draw: Int) -> Double {
            distribution.value(random.uniform(draw), random.uniform(draw + 1))
        }
        network.uplink = profile.uplink.map { NetworkPlan.rate(value($0, Draw.uplink)) }
        network.downlink = profile.downlink.map { NetworkPlan.rate(value($0, Draw.downlink)) }
        if let roundTrip = profile.roundTrip {
            let seconds = value(roundTrip, Draw.roundTrip)
            network.roundTrip = Nanoseconds(seconds: min(max(0, seconds), 3_600))
        }
        if profile.stalls != nil || profile.disconnects != nil {
            network.interruptions = NetworkInterruptions(
                stalls: profile.stalls, disconnects: profile.disconnects, random: random)
        }
        return network
    }

    /// The network at a uniform draw, by the shares.
    private func profile(_ draw: Double) -> NetworkProfile? {
        let total = self.choices.reduce(0) { $0 + $1.weight }
        var left = draw * total
        for choice in self.choices {
            left -= choice.weight
            if left < 0 { return choice.profile }
        }
        return self.choices.last?.profile
    }

    /// Whole bytes per second within what a link may have.
    static func rate(_ bytes: Double) -> Int64 {
        let bounds = ClientNetwork.rates
        let (low, high) = (Double(bounds.lowerBound), Double(bounds.upperBound))
        return Int64(min(max(bytes.rounded(), low), high))
    }
}

extension ClientSpec {
    /// Phones on the machine's own network, told at the place where others are.
    fileprivate init(ignoringLocationOf other: ClientSpec) {
        self.init()
        self.familyLocation = other.familyLocation
    }
}

extension StepPlan {
    /// The most bytes per second of an attempt's body; 0 for the phone's own pace.
    package func uploadRate(
        seed: UInt64, population: Int, intent: Int, instruction: Int
    ) -> Int64 {
        guard let rate = self.request.uploadRate else { return 0 }
        if case .fixed(let value) = rate { return NetworkPlan.rate(value) }
        let random = CounterRandom(
            seed: seed, population: population, intent: intent, purpose: .uploadRate)
        return NetworkPlan.rate(
            rate.value(random.uniform(instruction * 2), random.uniform(instruction * 2 + 1)))
    }
}
