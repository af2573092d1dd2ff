/// The network of one simulated phone, as the transport acts it out.
///
/// Rates count the bytes of requests and responses, not those of packets' headers.
package struct ClientNetwork: Sendable, Hashable {
    /// The least and the most bytes per second a link may have: 8 bit/s and 10 Gbit/s.
    package static let rates: ClosedRange<Int64> = 1...1_250_000_000

    /// Bytes per second towards the server; nil for as fast as the machine.
    package var uplink: Int64?
    /// Bytes per second from the server; nil for as fast as the machine.
    package var downlink: Int64?
    /// From the phone to the server and back, added to what there is.
    package var roundTrip = Nanoseconds.zero
    /// When nothing moves, and when the connections break; nil for never.
    package var interruptions: NetworkInterruptions?
    /// False to open a new connection for each request.
    package var keepsConnections = true
    /// The addresses it can reach.
    package var family = AddressFamily.any

    /// A network that changes nothing.
    package init() {}

    /// True when it changes nothing: the transport then does no work for it.
    package var isPlain: Bool { self == ClientNetwork() }
}

/// The versions of the Internet Protocol a phone can use.
package enum AddressFamily: String, Sendable, Hashable, Codable, CaseIterable {
    /// Both, as libcurl chooses.
    case any
    /// IPv4 only.
    case ipv4
    /// IPv6 only.
    case ipv6
}
