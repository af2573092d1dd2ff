#if canImport(Glibc)
    package import Glibc
#elseif canImport(Musl)
    package import Musl
#else
    package import Darwin
#endif

/// The addresses a run may connect to; asked for every socket, redirects included.
///
/// IPv4 addresses written as IPv6 (`::ffff:127.0.0.1`) count as what they are. Ports do not matter.
package struct AddressGate: Sendable, Hashable {
    /// 128 bits; IPv4 in its mapped form.
    struct Address: Sendable, Hashable {
        var high: UInt64
        var low: UInt64

        static let mappedPrefix: UInt64 = 0x0000_ffff_0000_0000

        init(v4 hostOrder: UInt32) {
            self.high = 0
            self.low = Self.mappedPrefix | UInt64(hostOrder)
        }

        init(v6 address: in6_addr) {
            let (high, low) = withUnsafeBytes(of: address) {
                (
                    $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                    $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                )
            }
            self.high = UInt64(bigEndian: high)
            self.low = UInt64(bigEndian: low)
        }

        var isLoopback: Bool {
            if self.high != 0 { return false }
            if self.low == 1 { return true }
            return self.low & 0xffff_ffff_ff00_0000 == Self.mappedPrefix | 0x7f00_0000
        }
    }

    private let allowsLoopback: Bool
    private let pinned: Set<Address>
    /// The one Unix socket allowed; nil for none.
    private var socketPath: [UInt8]?

    /// All of 127.0.0.0/8 and ::1, nothing else.
    package static let loopback = AddressGate(allowsLoopback: true, pinned: [])

    private init(allowsLoopback: Bool, pinned: Set<Address>) {
        self.allowsLoopback = allowsLoopback
        self.pinned = pinned
    }

    /// The same, and one Unix socket besides.
    package func allowing(unixSocket path: String) -> AddressGate {
        var gate = self
        gate.socketPath = Array(path.utf8)
        return gate
    }

    /// Exactly these numeric addresses.
    ///
    /// - Throws: `.address` for a text that is no numeric address.
    package init(pinned addresses: [String]) throws(TransportError) {
        var set: Set<Address> = []
        for text in addresses {
            var four = in_addr()
            var six = in6_addr()
            if inet_pton(AF_INET, text, &four) == 1 {
                set.insert(Address(v4: UInt32(bigEndian: four.s_addr)))
            } else if inet_pton(AF_INET6, text, &six) == 1 {
                set.insert(Address(v6: six))
            } else {
                throw TransportError(.address, "'\(text)' is not a numeric address")
            }
        }
        self.init(allowsLoopback: false, pinned: set)
    }

    /// Whether a numeric address may be connected to; false for anything that is none.
    package func allows(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            return self.allows(Address(v4: UInt32(bigEndian: four.s_addr)))
        }
        return inet_pton(AF_INET6, text, &six) == 1 && self.allows(Address(v6: six))
    }

    /// Whether a socket address may be connected to: IPv4, IPv6, or the Unix socket, if any.
    package func allows(_ address: UnsafePointer<sockaddr>, length: Int) -> Bool {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            let four = raw.loadUnaligned(as: sockaddr_in.self)
            return self.allows(Address(v4: UInt32(bigEndian: four.sin_addr.s_addr)))
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            return self.allows(Address(v6: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr))
        case AF_UNIX:
            guard let path = self.socketPath else { return false }
            return Self.names(raw, length: length, path: path)
        default:
            return false
        }
    }

    /// Whether a Unix socket's address is exactly this path, its ending NUL included.
    private static func names(
        _ raw: UnsafeRawPointer, length: Int, path: [UInt8]
    ) -> Bool {
        let start = MemoryLayout<sa_family_t>.size
        guard length > start + path.count else { return false }
        for index in path.indices
        where raw.load(fromByteOffset: start + index, as: UInt8.self) != path[index] {
            return false
        }
        return raw.load(fromByteOffset: start + path.count, as: UInt8.self) == 0
    }

    private func allows(_ address: Address) -> Bool {
        (self.allowsLoopback && address.isLoopback) || self.pinned.contains(address)
    }
}
