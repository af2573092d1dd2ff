import CCurl
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The addresses this machine has, asked of the kernel; nothing is sent.
package enum LocalAddresses {
    /// The addresses of a network interface, as `getifaddrs` lists them; nil without the interface.
    ///
    /// Link-local IPv6 addresses are left out: they mean nothing without their interface.
    package static func of(interface name: String) -> [String]? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return nil }
        defer { freeifaddrs(list) }
        var found: [String]?
        var next = list
        while let entry = next {
            next = entry.pointee.ifa_next
            guard String(cString: entry.pointee.ifa_name) == name else { continue }
            found = found ?? []
            if let address = entry.pointee.ifa_addr, let text = text(address) {
                found?.append(text)
            }
        }
        return found
    }

    /// The sources that can be used: each can be bound, and the kernel knows a way to the target.
    ///
    /// The way is asked for with a datagram socket: connecting one looks for a route and sends
    /// nothing. Sources whose family no target has are left out: they would never be used.
    ///
    /// - Parameters:
    ///   - sources: numeric local addresses, at least one.
    ///   - targets: the target's numeric addresses; empty when they are not known.
    /// - Throws: `.resource` for an address that cannot be bound, `.address` when there is no way
    ///   from one to the target, or when all are of another family.
    package static func usable(
        _ sources: [String], targets: [String]
    ) throws(TransportError) -> [String] {
        var found: [String] = []
        for source in sources {
            let address = try SourceAddress(source)
            try bindable(address, source)
            var fits = targets.isEmpty
            for target in targets {
                let goal = try SourceAddress(target)
                guard goal.family == address.family else { continue }
                fits = true
                try reachable(goal, target, from: address, source)
            }
            if fits { found.append(source) }
        }
        guard found.isEmpty, let source = sources.first, let target = targets.first else {
            return found
        }
        throw TransportError(
            .address, "the source \(source) and the target \(target) are of different families")
    }

    private static func bindable(
        _ address: SourceAddress, _ text: String
    ) throws(TransportError) {
        let descriptor = socket(
            address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            throw TransportError(.resource, "the source \(text) cannot be used: \(reason(errno))")
        }
        defer { close(descriptor) }
        guard address.bind(descriptor) else {
            let code = errno
            throw TransportError(
                .resource,
                code == EADDRNOTAVAIL
                    ? "this machine does not have the address \(text)"
                    : "the source \(text) cannot be bound: \(reason(code))")
        }
    }

    private static func reachable(
        _ goal: SourceAddress, _ target: String, from address: SourceAddress, _ source: String
    ) throws(TransportError) {
        let descriptor = socket(
            address.family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard address.bind(descriptor), goal.connect(descriptor) else {
            let code = errno
            throw TransportError(
                .address,
                "the target \(target) cannot be reached from the source \(source): \(reason(code))")
        }
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

    private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
        guard let found = NumericAddress(address) else { return nil }
        let isLinkLocal = found.family == AF_INET6 && found.bits >> 118 == 0xfe80 >> 6
        return isLinkLocal ? nil : found.text
    }
}

extension SourceAddress {
    /// Connects a datagram socket to this address, port 9: a question about routes, no packet.
    fileprivate func connect(_ descriptor: Int32) -> Bool {
        var storage = self.storage
        return withUnsafeMutableBytes(of: &storage) { bytes in
            // The port lies at the same place in both families.
            bytes.storeBytes(of: UInt16(9).bigEndian, toByteOffset: 2, as: UInt16.self)
            guard let base = bytes.baseAddress else { return false }
            let address = base.assumingMemoryBound(to: sockaddr.self)
            return Glibc.connect(descriptor, address, self.length) == 0
        }
    }
}
