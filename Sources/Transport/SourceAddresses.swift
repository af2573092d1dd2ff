#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The local addresses a lane connects from, by family.
struct SourceAddresses {
    private var four: [SourceAddress] = []
    private var six: [SourceAddress] = []

    /// True when the kernel chooses.
    var isEmpty: Bool { self.four.isEmpty && self.six.isEmpty }

    /// Parses numeric addresses.
    init(_ texts: [String]) throws(TransportError) {
        for text in texts {
            let address = try SourceAddress(text)
            if address.family == AF_INET {
                self.four.append(address)
            } else {
                self.six.append(address)
            }
        }
    }

    /// The address whose turn it is; nil when none is of that family.
    func address(family: Int32, turn: Int) -> SourceAddress? {
        let fitting = family == AF_INET6 ? self.six : self.four
        return fitting.isEmpty ? nil : fitting[turn % fitting.count]
    }
}
