package import Primitives

/// What a population's simulated phones are like.
package struct ClientSpec: Sendable, Hashable {
    /// When a phone opens a connection.
    package enum Connections: String, Sendable, Hashable, Codable, CaseIterable {
        /// When it has none that is free.
        case reuse
        /// For each request.
        case new
    }
    /// The networks they are on; nil for the machine's own, as fast as it is.
    package var network: NetworkSpec?
    /// When they open connections.
    package var connections = Connections.reuse
    /// The addresses they can reach.
    package var family = AddressFamily.any
    /// Where `family` stands in the file, or the population where it does not.
    package var familyLocation = SourceLocation(line: 1, column: 1)

    /// Phones on the machine's own network.
    package init() {}
}

/// The networks of a population: each phone is on one of them.
package struct NetworkSpec: Sendable, Hashable {
    /// A network, and how many are on it.
    package struct Choice: Sendable, Hashable {
        /// Its share, relative to the others'.
        package var weight: Double
        /// The network.
        package var profile: NetworkProfile

        /// A network with its share.
        package init(weight: Double = 1, profile: NetworkProfile) {
            self.weight = weight
            self.profile = profile
        }
    }
    /// The networks; at least one.
    package var choices: [Choice]
    /// Where they stand in the file.
    package var location: SourceLocation

    /// Networks to choose from.
    package init(
        choices: [Choice], location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.choices = choices
        self.location = location
    }
}

/// What a network is like; each phone draws its own values.
package struct NetworkProfile: Sendable, Hashable {
    /// The preset it is or began as; nil for one of the author's own.
    package var preset: NetworkPreset?
    /// Towards the server, in bytes per second; nil for no limit.
    package var uplink: Distribution?
    /// From the server, in bytes per second; nil for no limit.
    package var downlink: Distribution?
    /// From the phone to the server and back, in seconds of wall time; nil adds nothing.
    package var roundTrip: Distribution?
    /// Times in which nothing moves; nil for none.
    package var stalls: NetworkInterruptions.Stalls?
    /// Between losses of all connections; nil for never.
    package var disconnects: NetworkGap?

    /// A network that changes nothing.
    package init() {}
}
