extension UnitText {
    private static let bitRateUnits: [(name: String, bytes: Double)] = [
        ("bit/s", 0.125), ("kbit/s", 125), ("Mbit/s", 125e3), ("Gbit/s", 125e6), ("bps", 0.125),
        ("kbps", 125), ("Mbps", 125e3), ("Gbps", 125e6), ("B/s", 1), ("kB/s", 1e3), ("KB/s", 1e3),
        ("MB/s", 1e6), ("GB/s", 1e9), ("KiB/s", 1024), ("MiB/s", 1_048_576),
        ("GiB/s", 1_073_741_824),
    ]

    /// The bytes per second of a link's rate such as `1Mbit/s`, `64 kbit/s` or `125kB/s`.
    ///
    /// As everywhere in networks a kilobit is a thousand bits; `bps` is `bit/s`.
    ///
    /// - Throws: `UnitError` when a number has no unit, is negative, or the text is no rate.
    package static func bitRate(_ text: String) throws(UnitError) -> Double {
        if text.hasPrefix("-") { throw UnitError("\(text) is negative") }
        let digits = text.prefix { $0 == "." || ("0"..."9").contains($0) }
        let halves = digits.split(separator: ".", omittingEmptySubsequences: false)
        let isNumber = halves.count <= 2 && halves.allSatisfy { !$0.isEmpty }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard isNumber, let number = Double(digits), number.isFinite else {
            throw UnitError("'\(text)' is no rate of bits; write for example 1Mbit/s or 125kB/s")
        }
        if unit.isEmpty {
            throw UnitError("\(text) has no unit; write for example \(text)kbit/s or \(text)kB/s")
        }
        guard let factor = bitRateUnits.first(where: { $0.name == unit })?.bytes else {
            throw UnitError("'\(text)' is no rate of bits; write for example 1Mbit/s or 125kB/s")
        }
        return number * factor
    }

    /// A rate of bytes per second in bits, for people: `1.5 Mbit/s`.
    package static func formatBits(bytesPerSecond: Double) -> String {
        let bits = bytesPerSecond * 8
        for (name, factor) in [("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)]
        where bits >= factor {
            return "\(trimmed(bits / factor)) \(name)"
        }
        return "\(trimmed(bits)) bit/s"
    }
}
