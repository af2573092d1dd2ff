import Primitives

/// How numbers, texts and times are written in files for other programs.
enum FormatText {
    /// A JSON string with its quotes (RFC 8259, section 7).
    static func string(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }

    /// A number with at most six decimals; `null` for what is unknown or not finite.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        return UnitText.fixed(value, 6, trim: true)
    }

    /// Three significant digits: two runs of the same system then differ in fewer lines.
    static func coarse(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "0" }
        var unit = 1.0
        var decimals = 0
        while abs(value) / unit >= 1_000 { unit *= 10 }
        while abs(value) * unit < 100, decimals < 9 {
            unit *= 10
            decimals += 1
        }
        guard decimals == 0 else { return UnitText.fixed(value, decimals, trim: true) }
        return UnitText.fixed((value / unit).rounded() * unit, 0)
    }

    /// An object of one level; the values are JSON already.
    static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(string($0.0)):\($0.1)" }.joined(separator: ",") + "}"
    }

    /// An object of counts, its keys in order.
    static func object(_ counts: [String: Int]) -> String {
        object(counts.sorted { $0.key < $1.key }.map { ($0.key, String($0.value)) })
    }

    /// A text filled up with blanks on its left.
    static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

/// The civil time of a run's moments.
struct RunClock {
    private let start: Int64

    /// - Parameter started: RFC 3339 in UTC, as manifests have it; anything else counts as 1970.
    init(started: String) {
        let parts = started.split { !$0.isNumber }.map { Int64($0) ?? 0 }
        guard parts.count >= 6, (1...12).contains(parts[1]), parts[0] > 0 else {
            self.start = 0
            return
        }
        // Days since 1970 by the civil calendar, years taken to begin in March.
        let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
        let month = (parts[1] + 9) % 12
        let days =
            365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + parts[2]
            - 719_469
        let seconds = ((days * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5]
        self.start = seconds * 1_000 + (parts.count > 6 ? parts[6] : 0)
    }

    /// The civil time so many seconds into the run.
    func time(at seconds: Double) -> WallTime {
        WallTime(milliseconds: self.start + Int64((seconds * 1_000).rounded()))
    }
}
