#if canImport(Glibc)
    package import Glibc
#elseif canImport(Musl)
    package import Musl
#else
    package import Darwin
#endif

/// The numeric address and port of a connection's other end, or none: 19 bytes, copied freely.
package struct PeerAddress: Sendable, Hashable {
    private enum Family: UInt8 { case none, four, six }

    // Two halves, because a whole number of 128 bits would be aligned to 16 bytes.
    private var high: UInt64 = 0
    private var low: UInt64 = 0
    /// The port; 0 where no peer is known.
    package private(set) var port: UInt16 = 0
    private var family = Family.none

    /// No peer.
    package init() {}

    /// A peer by its address and port.
    package init(_ address: NumericAddress, port: UInt16) {
        self.high = UInt64(truncatingIfNeeded: address.bits >> 64)
        self.low = UInt64(truncatingIfNeeded: address.bits)
        self.port = port
        self.family = address.family == AF_INET ? .four : .six
    }

    /// The peer of a socket; none for other families than IPv4 and IPv6.
    ///
    /// - Parameter length: the address's bytes.
    package init(_ address: UnsafePointer<sockaddr>, length: Int) {
        self.init()
        guard let number = NumericAddress(address, length: length) else { return }
        // Both families have the port behind two bytes that name the family.
        let port = UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 2, as: UInt16.self)
        self.init(number, port: UInt16(bigEndian: port))
    }

    /// The address as a number; nil where no peer is known.
    package var address: NumericAddress? {
        switch self.family {
        case .none: nil
        case .four: NumericAddress(family: AF_INET, bits: UInt128(self.low))
        case .six:
            NumericAddress(
                family: AF_INET6, bits: UInt128(self.high) << 64 | UInt128(self.low))
        }
    }

    /// `127.0.0.1:80` or `[::1]:80`; nil where no peer is known.
    package var text: String? {
        guard let address = self.address else { return nil }
        return self.family == .six
            ? "[\(address.text)]:\(self.port)" : "\(address.text):\(self.port)"
    }
}
