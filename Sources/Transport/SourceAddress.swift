import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A local address to connect from, ready for `bind`.
struct SourceAddress {
    let family: Int32
    let storage: sockaddr_storage
    let length: socklen_t

    /// Parses a numeric address.
    init(_ text: String) throws(TransportError) {
        guard let address = NumericAddress(text) else {
            throw TransportError(.address, "'\(text)' is not a numeric address")
        }
        var storage = sockaddr_storage()
        if address.family == AF_INET {
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_addr = address.four
            self.length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: four, as: sockaddr_in.self)
            }
        } else {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_addr = address.six
            self.length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: six, as: sockaddr_in6.self)
            }
        }
        self.family = address.family
        self.storage = storage
    }

    /// Binds a socket; the port is chosen at connect, so that one port serves many destinations.
    func bind(_ descriptor: Int32) -> Bool {
        var yes: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &yes, socklen_t(4))
        return withUnsafeBytes(of: self.storage) { bytes in
            guard let base = bytes.baseAddress else { return false }
            let address = base.assumingMemoryBound(to: sockaddr.self)
            return Glibc.bind(descriptor, address, self.length) == 0
        }
    }
}
