#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Looks names up before a run, so that the run can be pinned to what was found.
package enum NameLookup {
    /// The numeric addresses of a name, in the system's order, each once; blocks.
    ///
    /// - Throws: `.lookup` when there is none.
    package static func addresses(of host: String) throws(TransportError) -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            throw TransportError(
                .lookup, "cannot look up '\(host)': \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(list) }
        var found: [String] = []
        var next = list
        while let entry = next {
            next = entry.pointee.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let named = getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil,
                0, NI_NUMERICHOST)
            guard named == 0 else { continue }
            let address = text.withUnsafeBytes {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !found.contains(address) { found.append(address) }
        }
        if found.isEmpty { throw TransportError(.lookup, "'\(host)' has no address") }
        return found
    }
}
