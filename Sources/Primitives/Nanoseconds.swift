/// A span of time in whole nanoseconds: ±292 years, exact addition, saturating at the ends.
///
/// A plain `Int64` wrapper, because the standard library's `Duration` costs 128-bit arithmetic on
/// the path of every request.
package struct Nanoseconds: Sendable, Hashable, Comparable, Codable {
    /// The number of nanoseconds; negative for a span into the past.
    package var count: Int64

    /// A span of `count` nanoseconds.
    package init(_ count: Int64) {
        self.count = count
    }

    /// A span of fractional seconds, rounded to the nearest nanosecond and saturating.
    package init(seconds: Double) {
        self.count = Nanoseconds.saturating(seconds * 1e9)
    }

    /// Reads a bare integer of nanoseconds.
    package init(from decoder: any Decoder) throws {
        self.count = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// Writes a bare integer of nanoseconds.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.count)
    }

    /// No time at all.
    package static let zero = Nanoseconds(0)
    /// The longest span, used for "never".
    package static let max = Nanoseconds(.max)

    /// A whole number of seconds.
    package static func seconds(_ value: Int64) -> Nanoseconds {
        let (product, overflow) = value.multipliedReportingOverflow(by: 1_000_000_000)
        return Nanoseconds(overflow ? (value < 0 ? .min : .max) : product)
    }
    /// A whole number of milliseconds.
    package static func milliseconds(_ value: Int64) -> Nanoseconds {
        let (product, overflow) = value.multipliedReportingOverflow(by: 1_000_000)
        return Nanoseconds(overflow ? (value < 0 ? .min : .max) : product)
    }
    /// A whole number of microseconds.
    package static func microseconds(_ value: Int64) -> Nanoseconds {
        let (product, overflow) = value.multipliedReportingOverflow(by: 1_000)
        return Nanoseconds(overflow ? (value < 0 ? .min : .max) : product)
    }

    /// The span in seconds; exact to 15 significant digits.
    package var seconds: Double { Double(self.count) / 1e9 }
    /// The span in milliseconds; exact to 15 significant digits.
    package var milliseconds: Double { Double(self.count) / 1e6 }
    /// The span in whole microseconds, rounded down.
    package var microseconds: Int64 { self.count / 1_000 }

    /// Compares two spans.
    package static func < (left: Nanoseconds, right: Nanoseconds) -> Bool {
        left.count < right.count
    }
    /// The sum, saturating.
    package static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        let (sum, overflow) = left.count.addingReportingOverflow(right.count)
        return Nanoseconds(overflow ? (right.count < 0 ? .min : .max) : sum)
    }
    /// The difference, saturating.
    package static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        let (difference, overflow) = left.count.subtractingReportingOverflow(right.count)
        return Nanoseconds(overflow ? (right.count < 0 ? .max : .min) : difference)
    }
    /// The span scaled by a factor, rounded to the nearest nanosecond and saturating.
    package static func * (left: Nanoseconds, factor: Double) -> Nanoseconds {
        Nanoseconds(saturating(Double(left.count) * factor))
    }
    /// The span divided by a factor, rounded to the nearest nanosecond and saturating.
    package static func / (left: Nanoseconds, factor: Double) -> Nanoseconds {
        Nanoseconds(saturating(Double(left.count) / factor))
    }
    /// Adds in place, saturating.
    package static func += (left: inout Nanoseconds, right: Nanoseconds) { left = left + right }
    /// Subtracts in place, saturating.
    package static func -= (left: inout Nanoseconds, right: Nanoseconds) { left = left - right }

    private static func saturating(_ value: Double) -> Int64 {
        if value.isNaN { return 0 }
        if value >= 0x1p63 { return .max }
        if value <= -0x1p63 { return .min }
        return Int64(value.rounded())
    }
}
