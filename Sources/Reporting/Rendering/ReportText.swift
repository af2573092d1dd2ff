import Primitives

/// Words and figures as all renderings write them; one place, so that they agree.
enum ReportText {
    /// What stands where nothing is known.
    static let unknown = "not known"

    /// A whole number with commas between thousands: `45,400`.
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var grouped = ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.count - offset) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return value < 0 ? "-" + grouped : grouped
    }

    /// A number for people, three significant digits below 100: `0.31`, `45.2`, `1,204`.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return unknown }
        if abs(value) >= 100, abs(value) < 9e15 { return count(Int(value.rounded())) }
        return UnitText.trimmed(value)
    }

    /// A rate: `204 /s`.
    static func rate(_ value: Double?) -> String {
        guard let value, value.isFinite else { return unknown }
        return number(value) + "/s"
    }

    /// A span given in milliseconds: `340 ms`, `2.5 s`.
    static func milliseconds(_ value: Double?) -> String {
        guard let value, value.isFinite else { return unknown }
        return UnitText.format(Nanoseconds(seconds: value / 1_000))
    }

    /// A span given in seconds: `2.5 s`, `1h 30m`, `3d 4h`.
    static func seconds(_ value: Double?) -> String {
        guard let value, value.isFinite else { return unknown }
        return UnitText.format(Nanoseconds(seconds: value))
    }

    /// A p99, or how much it is at least when its rank falls among attempts not answered well.
    static func tail(_ figures: Report.Percentiles) -> String {
        if let p99 = figures.p99 { return milliseconds(p99) }
        if let least = figures.p99AtLeast { return "none (> \(milliseconds(least)))" }
        return unknown
    }

    /// A median, or that there is none because half of the attempts had no good answer.
    static func median(_ figures: Report.Percentiles) -> String {
        if let p50 = figures.p50 { return milliseconds(p50) }
        return figures.p99AtLeast == nil ? unknown : "none"
    }

    /// A size: `1.2 MB`.
    static func bytes(_ value: Int64) -> String {
        UnitText.format(ByteCount(value))
    }

    /// A moment of wall time: `01:07`, `1:02:07` from an hour on.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds.rounded(.down)))
        let (hours, minutes, rest) = (whole / 3600, whole % 3600 / 60, whole % 60)
        return hours == 0
            ? "\(two(minutes)):\(two(rest))" : "\(hours):\(two(minutes)):\(two(rest))"
    }

    /// A moment of story time: `T+14:20`.
    static func story(_ seconds: Double) -> String {
        let minutes = Int(max(0, (seconds / 60).rounded(.down)))
        return "T+\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// A share of counts in per cent; a dash when there is nothing to share.
    static func share(_ part: Int, of whole: Int) -> String {
        whole > 0 ? percent(Double(part) / Double(whole)) : "–"
    }

    /// A ratio in per cent; never rounded up to 100 % nor down to 0 %.
    static func percent(_ ratio: Double?) -> String {
        guard let ratio, ratio.isFinite else { return unknown }
        let value = ratio * 100
        if value > 99.9, value < 100 { return "> 99.9 %" }
        if value > 0, value < 0.1 { return "< 0.1 %" }
        return UnitText.fixed(value, 1, trim: true) + " %"
    }

    /// An interval in brackets, or nothing when there is none.
    static func interval(_ bounds: [Double]?, _ format: (Double?) -> String) -> String {
        guard let bounds, bounds.count == 2 else { return "" }
        return " [\(format(bounds[0])) – \(format(bounds[1]))]"
    }

    /// A name with blanks for underscores.
    static func spaced(_ name: String) -> String {
        String(name.map { $0 == "_" || $0 == "-" ? " " : $0 })
    }

    /// The text cut to `limit` characters, with an ellipsis.
    static func clipped(_ text: String, _ limit: Int) -> String {
        text.count <= limit ? text : String(text.prefix(max(1, limit - 1))) + "…"
    }

    /// Text for XML and HTML, in elements and in attributes.
    ///
    /// Control characters and the two non-characters that XML forbids become U+FFFD; a line break
    /// becomes a blank unless `keepsLines`.
    static func escape(_ text: String, keepsLines: Bool = false) -> String {
        var output = ""
        output.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            case "\n" where keepsLines: output += "\n"
            case "\n", "\r", "\t": output += " "
            default: output.unicodeScalars.append(isLegal(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return output
    }

    /// Text without control characters, for terminals and Markdown.
    static func plain(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t": output += " "
            default: output.unicodeScalars.append(isLegal(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return output
    }

    private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { return false }
        // Bidirectional overrides can make a name read as another one.
        if (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value) {
            return false
        }
        return scalar.value & 0xFFFE != 0xFFFE
    }

    private static func two(_ value: Int) -> String {
        value < 10 ? "0\(value)" : String(value)
    }
}
