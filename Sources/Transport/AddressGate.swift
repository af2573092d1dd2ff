import Primitives

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
    private let allowsLoopback: Bool
    /// In the mapped form, so that one address has one number.
    private let pinned: Set<UInt128>
    /// The one Unix socket allowed; nil for none.
    private var socketPath: [UInt8]?

    /// All of 127.0.0.0/8 and ::1, nothing else.
    package static let loopback = AddressGate(allowsLoopback: true, pinned: [])

    private init(allowsLoopback: Bool, pinned: Set<UInt128>) {
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
        var set: Set<UInt128> = []
        for text in addresses {
            guard let address = NumericAddress(text) else {
                throw TransportError(.address, "'\(text)' is not a numeric address")
            }
            set.insert(address.mapped)
        }
        self.init(allowsLoopback: false, pinned: set)
    }

    /// Whether a numeric address may be connected to; false for anything that is none.
    package func allows(_ text: String) -> Bool {
        NumericAddress(text).map(self.allows) ?? false
    }

    /// Whether a socket address may be connected to: IPv4, IPv6, or the Unix socket, if any.
    package func allows(_ address: UnsafePointer<sockaddr>, length: Int) -> Bool {
        if let numeric = NumericAddress(address, length: length) { return self.allows(numeric) }
        guard let path = self.socketPath, Int32(address.pointee.sa_family) == AF_UNIX else {
            return false
        }
        return Self.names(UnsafeRawPointer(address), length: length, path: path)
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

    private func allows(_ address: NumericAddress) -> Bool {
        (self.allowsLoopback && address.isLoopback) || self.pinned.contains(address.mapped)
    }
}
