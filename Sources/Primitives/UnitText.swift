/// Why a text is no duration, size or rate: one sentence that says how to mend it.
package struct UnitError: Error, Sendable, Hashable {
    /// The sentence, without position; the caller knows where the text stood.
    package var message: String

    /// An error with that sentence.
    package init(_ message: String) {
        self.message = message
    }
}

/// Reads and writes quantities with their units: `1h30m`, `25MB`, `50/s`.
package enum UnitText {
    private static let durationUnits: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
        ("d", 86400e9),
    ]
    private static let sizeUnits: [(name: String, bytes: Double)] = [
        ("B", 1), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12),
        ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824),
    ]

    /// A span such as `30s`, `1h30m`, `200ms` or `0`; every other bare number is refused.
    ///
    /// - Throws: `UnitError` when a number has no unit or the text is no duration.
    package static func duration(_ text: String) throws(UnitError) -> Nanoseconds {
        if text == "0" { return .zero }
        if decimal(text) != nil {
            throw UnitError("\(text) has no unit; write \(text)s or \(text)ms")
        }
        var total = 0.0
        var rest = Substring(text)
        while !rest.isEmpty {
            guard let (number, unit, after) = leading(rest, isUnit: { $0.isLetter || $0 == "µ" }),
                let factor = durationUnits.first(where: { $0.name == unit })?.nanoseconds
            else {
                throw UnitError(
                    "'\(text)' is not a duration; write for example 30s, 200ms or 1h30m")
            }
            total += number * factor
            rest = after
        }
        guard !text.isEmpty else {
            throw UnitError("an empty text is not a duration; write for example 30s or 1h30m")
        }
        guard total < 9.2e18 else {
            throw UnitError("'\(text)' is longer than 292 years")
        }
        return Nanoseconds(Int64(total.rounded()))
    }

    /// A size such as `25MB`, `8MiB` or `0`; a bare whole number is bytes.
    ///
    /// - Throws: `UnitError` when the text is no size.
    package static func size(_ text: String) throws(UnitError) -> ByteCount {
        if text.utf8.allSatisfy(isDigit), let bytes = Int64(text) { return ByteCount(bytes) }
        guard let (number, unit, after) = leading(Substring(text), isUnit: \.isLetter),
            after.isEmpty, let factor = sizeUnits.first(where: { $0.name == unit })?.bytes,
            number * factor < 9.2e18
        else {
            throw UnitError("'\(text)' is not a size; write for example 512B, 25MB or 8MiB")
        }
        return ByteCount(Int64((number * factor).rounded()))
    }

    /// A rate such as `50/s`, `24000/h` or `3/500ms`; a bare number needs a `timeUnit` elsewhere.
    ///
    /// - Throws: `UnitError` when the text is no rate.
    package static func rate(_ text: String) throws(UnitError) -> Rate {
        let example = "write for example 50/s or 24000/h"
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2 else {
            throw UnitError("'\(text)' is not a rate; \(example)")
        }
        let amount = halves[0].trimmingSpaces
        var period = String(halves[1].trimmingSpaces)
        if period.first?.isLetter == true { period = "1" + period }
        guard let count = decimal(amount), count.isFinite,
            let span = try? UnitText.duration(period), span > .zero
        else {
            throw UnitError("'\(text)' is not a rate; \(example)")
        }
        return Rate(perSecond: count / span.seconds)
    }

    /// A span in the shortest exact-enough form for people: `1h 30m`, `2.5 s`, `340 ms`.
    package static func format(_ span: Nanoseconds) -> String {
        let magnitude = abs(span.seconds)
        if span == .zero { return "0 s" }
        if magnitude < 1e-3 { return "\(trimmed(span.seconds * 1e6)) us" }
        if magnitude < 1 { return "\(trimmed(span.seconds * 1e3)) ms" }
        if magnitude < 120 { return "\(trimmed(span.seconds)) s" }
        let whole = Int64(span.seconds.rounded())
        let (hours, minutes, seconds) = (whole / 3600, whole % 3600 / 60, whole % 60)
        if hours == 0 { return seconds == 0 ? "\(minutes)m" : "\(minutes)m \(seconds)s" }
        return minutes == 0 ? "\(hours)h" : "\(hours)h \(minutes)m"
    }

    /// A size in decimal units for people: `1.2 MB`.
    package static func format(_ size: ByteCount) -> String {
        let value = Double(size.count)
        for (name, factor) in [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
        where value >= factor {
            return "\(trimmed(value / factor)) \(name)"
        }
        return "\(size.count) B"
    }

    /// A number with at most three significant digits after rounding, without trailing zeros.
    package static func trimmed(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let magnitude = abs(value)
        let decimals = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3
        return fixed(value, decimals, trim: true)
    }

    /// A number with exactly `decimals` digits after the point (or fewer when `trim`).
    package static func fixed(_ value: Double, _ decimals: Int, trim: Bool = false) -> String {
        guard value.isFinite, abs(value) < 9e15 else { return value.isFinite ? "\(value)" : "-" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        guard abs(value) * scale < 9e18 else { return fixed(value, 0) }
        let scaled = Int64((abs(value) * scale).rounded())
        let sign = value < 0 && scaled != 0 ? "-" : ""
        let whole = scaled / Int64(scale)
        guard decimals > 0 else { return sign + String(whole) }
        var fraction = String(scaled % Int64(scale))
        fraction = String(repeating: "0", count: decimals - fraction.count) + fraction
        if trim {
            while fraction.hasSuffix("0") { fraction.removeLast() }
            if fraction.isEmpty { return sign + String(whole) }
        }
        return sign + String(whole) + "." + fraction
    }

    /// Digits, perhaps a point and digits; no sign, exponent, `inf` or `.5`.
    private static func decimal(_ text: some StringProtocol) -> Double? {
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2,
            halves.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) })
        else { return nil }
        return Double(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Splits a number and its unit from the front; nil when either is missing.
    private static func leading(
        _ text: Substring, isUnit: (Character) -> Bool
    ) -> (number: Double, unit: String, after: Substring)? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let afterDigits = text.dropFirst(digits.count).drop { $0 == " " }
        let unit = afterDigits.prefix(while: isUnit)
        guard let number = decimal(digits), !unit.isEmpty else { return nil }
        return (number, String(unit), afterDigits.dropFirst(unit.count))
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var view = self.drop { $0 == " " }
        while view.last == " " { view.removeLast() }
        return view
    }
}
