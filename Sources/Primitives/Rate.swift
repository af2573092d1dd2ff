/// Events per second of wall time; zero or more.
package struct Rate: Sendable, Hashable, Comparable, Codable {
    /// Events per second.
    package var perSecond: Double

    /// A rate in events per second.
    package init(perSecond: Double) {
        self.perSecond = perSecond
    }

    /// Reads a bare number of events per second.
    package init(from decoder: any Decoder) throws {
        self.perSecond = try decoder.singleValueContainer().decode(Double.self)
    }

    /// Writes a bare number of events per second.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.perSecond)
    }

    /// Compares two rates.
    package static func < (left: Rate, right: Rate) -> Bool { left.perSecond < right.perSecond }
}
