import Primitives

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
