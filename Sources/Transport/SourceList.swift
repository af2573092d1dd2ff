#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads what `--source` takes: addresses, ranges and interfaces, separated by commas.
package enum SourceList {
    /// The most addresses that may be named; each multiplies the local ports.
    package static let limit = 1_024

    /// The numeric addresses a text names, in its order, each once; pure but for `interface`.
    ///
    /// `127.0.0.2`, `127.0.0.2-127.0.0.9`, `127.0.0.2-9`, `fd00::2`, `eth0`, and lists of these.
    ///
    /// - Parameters:
    ///   - text: what the user wrote.
    ///   - interface: the addresses of a network interface; nil when there is none of that name.
    /// - Throws: `.address` with a sentence that says what is wrong and how to write it.
    package static func addresses(
        _ text: String, interface: (String) -> [String]?
    ) throws(TransportError) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let item = trimmed(part)
            guard !item.isEmpty else {
                throw TransportError(
                    .address, "'\(text)' names an empty address; write for example \(example)")
            }
            for address in try expanded(item, interface: interface)
            where seen.insert(address).inserted {
                found.append(address)
            }
            guard found.count <= limit else { throw tooMany(text) }
        }
        return found
    }

    private static let example = "127.0.0.2-127.0.0.9, or an interface such as eth0"

    private static func expanded(
        _ item: String, interface: (String) -> [String]?
    ) throws(TransportError) -> [String] {
        if let single = NumericAddress(item) { return [single.text] }
        if let range = try range(item) { return range }
        if let addresses = interface(item) {
            guard !addresses.isEmpty else {
                throw TransportError(.address, "the interface \(item) has no address to use")
            }
            return addresses
        }
        throw TransportError(
            .address,
            "'\(item)' is no numeric address, no range and no interface of this machine; "
                + "write for example \(example)")
    }

    /// The addresses of `first-last`; nil when the text is no range at all.
    private static func range(_ item: String) throws(TransportError) -> [String]? {
        let halves = item.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let first = NumericAddress(trimmed(halves[0])) else { return nil }
        let written = trimmed(halves[1])
        guard let last = NumericAddress(written) ?? first.withLastPart(written) else {
            throw TransportError(
                .address, "'\(item)' does not end with an address; write for example \(example)")
        }
        guard first.family == last.family else {
            throw TransportError(
                .address, "'\(item)' begins in one family of addresses and ends in the other")
        }
        guard first.bits <= last.bits else {
            throw TransportError(
                .address, "'\(item)' runs backwards; write \(last.text)-\(first.text)")
        }
        guard last.bits - first.bits < UInt128(limit) else { throw tooMany(item) }
        return (first.bits...last.bits).map { NumericAddress(family: first.family, bits: $0).text }
    }

    private static func tooMany(_ text: String) -> TransportError {
        TransportError(
            .address, "'\(text)' names more than \(limit) addresses; name at most \(limit)")
    }

    /// Without spaces around it and brackets about it.
    private static func trimmed(_ part: Substring) -> String {
        var view = part
        while view.first == " " { view.removeFirst() }
        while view.last == " " { view.removeLast() }
        if view.first == "[", view.last == "]" { view = view.dropFirst().dropLast() }
        return String(view)
    }
}

/// An IPv4 or IPv6 address as a number, to count from one to the next.
struct NumericAddress {
    var family: Int32
    var bits: UInt128

    init(family: Int32, bits: UInt128) {
        self.family = family
        self.bits = bits
    }

    /// Parses an address; nil for anything else.
    init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(family: AF_INET, bits: UInt128(UInt32(bigEndian: four.s_addr)))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            let bits = withUnsafeBytes(of: six) { bytes in
                bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            }
            self.init(family: AF_INET6, bits: bits)
        } else {
            return nil
        }
    }

    /// This address with its last number replaced, as `127.0.0.2-9` means it; IPv4 only.
    func withLastPart(_ text: String) -> NumericAddress? {
        guard self.family == AF_INET, let last = UInt8(text) else { return nil }
        return NumericAddress(family: AF_INET, bits: self.bits & ~0xff | UInt128(last))
    }

    /// The address in its usual spelling.
    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if self.family == AF_INET {
            var four = in_addr()
            four.s_addr = UInt32(truncatingIfNeeded: self.bits).bigEndian
            inet_ntop(AF_INET, &four, &buffer, socklen_t(buffer.count))
        } else {
            var six = in6_addr()
            withUnsafeMutableBytes(of: &six) { bytes in
                for index in 0..<16 {
                    bytes[index] = UInt8(truncatingIfNeeded: self.bits >> UInt128(120 - 8 * index))
                }
            }
            inet_ntop(AF_INET6, &six, &buffer, socklen_t(buffer.count))
        }
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        return String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
