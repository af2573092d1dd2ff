import Primitives

/// What a scalar must look like; the raw text is judged, never what YAML would make of it.
indirect enum ScalarForm: Sendable {
    /// Any text, numbers and booleans as they are written.
    case text
    /// A span with its unit.
    case duration
    /// A number of bytes, with or without a unit.
    case size
    /// A span, or a number of bytes; each with its unit.
    case durationOrSize
    /// A number, or a number per time.
    case rate
    /// A number at least, or above, a limit.
    case number(atLeast: Double, excluded: Bool, atMost: Double)
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// `true` or `false`.
    case boolean
    /// One of some words; reserved ones come later.
    case word([String], reserved: [String])
    /// A status code or a range of them.
    case status
    /// A retry condition: a word or a status.
    case condition
    /// An output: `kind` or `kind=destination`.
    case output
    /// A threshold's expression.
    case expression
    /// A stage's or a capture's name.
    case name(NameForm)
    /// A number per time; a bare number is none.
    case perTime
    /// A number of bits or bytes per second, with its unit.
    case bitRate
    /// A form, or `none`.
    case orNone(ScalarForm)
    /// A branching ratio, at most `highestBranching`.
    case branching
    /// The version of the language.
    case version

    /// The words of retry conditions that are no status.
    static let conditionWords = ["timeout", "refused", "reset", "connect", "aborted", "error"]
    /// The highest branching ratio: bursts of 100 arrivals on average, of 10,000 now and then.
    static let highestBranching = 0.99
    /// Kinds of outputs.
    static let outputKinds = OutputKind.allCases.map(\.rawValue)

    /// What is wrong with a text; nil when nothing is.
    func objection(to text: String, isPlain: Bool) -> String? {
        switch self {
        case .text: return nil
        case .duration:
            return ScalarForm.message { () throws(UnitError) in _ = try UnitText.duration(text) }
        case .size:
            return ScalarForm.message { () throws(UnitError) in _ = try UnitText.size(text) }
        case .durationOrSize: return ScalarForm.durationOrSize(text)
        case .rate:
            if isPlain, JSONNumber.isNumber(text) {
                return text.hasPrefix("-") ? "\(text) is negative" : nil
            }
            return ScalarForm.message { () throws(UnitError) in _ = try UnitText.rate(text) }
        case .number(let low, let excluded, let high):
            return ScalarForm.number(
                text, isPlain: isPlain, low: low, excluded: excluded, high: high)
        case .integer(let range):
            return ScalarForm.integer(text, isPlain: isPlain, range: range)
        case .boolean:
            return isPlain && (text == "true" || text == "false")
                ? nil : "'\(text)' is neither true nor false"
        case .word(let words, let reserved):
            return ScalarForm.word(text, words: words, reserved: reserved)
        case .status:
            return StatusPattern(text: text, isPlain: isPlain) == nil
                ? "'\(text)' is no status; write for example 404, 5xx or 500-504" : nil
        case .condition:
            if ScalarForm.conditionWords.contains(text) { return nil }
            guard StatusPattern(text: text, isPlain: isPlain) == nil else { return nil }
            let known =
                "write timeout, refused, reset, connect, aborted, error or a status such as 503"
            return "'\(text)' is no reason to retry"
                + Suggestion.phrase(for: text, among: ScalarForm.conditionWords, otherwise: known)
        case .output: return ScalarForm.output(text)
        case .expression:
            return ThresholdExpression(text) == nil
                ? "'\(text)' is no threshold; write for example p(95)<500ms, rate<1% or count==0"
                : nil
        case .name(let form):
            return form.allows(text) ? nil : "'\(text)' is no name; \(form.advice)"
        case .perTime:
            return ScalarForm.message { () throws(UnitError) in _ = try UnitText.rate(text) }
        case .bitRate:
            return ScalarForm.message { () throws(UnitError) in _ = try UnitText.bitRate(text) }
        case .orNone(let form):
            return text == "none" ? nil : form.objection(to: text, isPlain: isPlain)
        case .branching:
            return ScalarForm.branching(text, isPlain: isPlain)
        case .version:
            return isPlain && text == "1"
                ? nil : "\(text) is not known; this program reads version 1"
        }
    }

    private static func message(_ body: () throws(UnitError) -> Void) -> String? {
        do throws(UnitError) {
            try body()
            return nil
        } catch {
            return error.message
        }
    }

    private static func durationOrSize(_ text: String) -> String? {
        if (try? UnitText.duration(text)) != nil { return nil }
        // A bare number could be either.
        if text.contains(where: \.isLetter), (try? UnitText.size(text)) != nil { return nil }
        return "'\(text)' is neither a duration nor a size; write for example 3s or 500kB"
    }

    private static func numeric(_ text: String, isPlain: Bool) -> String? {
        if !isPlain, JSONNumber.isNumber(text) { return "a number stands without quotes" }
        if JSONNumber.isNumber(text) { return nil }
        let digits = text.drop { $0 == "0" }
        if text.hasPrefix("0"), !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) {
            return "\(text) begins with a zero; write \(digits)"
        }
        return "'\(text)' is not a number"
    }

    private static func number(
        _ text: String, isPlain: Bool, low: Double, excluded: Bool, high: Double
    ) -> String? {
        if let message = ScalarForm.numeric(text, isPlain: isPlain) { return message }
        guard let value = Double(text), value.isFinite else { return "\(text) is too large" }
        if excluded ? value <= low : value < low {
            let limit = UnitText.trimmed(low)
            return "\(text) is too small; it must be \(excluded ? "above" : "at least") \(limit)"
        }
        return value > high
            ? "\(text) is too large; it may be at most \(UnitText.trimmed(high))" : nil
    }

    private static func branching(_ text: String, isPlain: Bool) -> String? {
        if let message = ScalarForm.number(
            text, isPlain: isPlain, low: 0, excluded: false, high: .greatestFiniteMagnitude)
        {
            return message
        }
        guard let value = Double(text), value > highestBranching else { return nil }
        return "\(text) is too large; at 1 every arrival brings another and the crowd never ends,"
            + " so write at most \(highestBranching)"
    }

    private static func integer(
        _ text: String, isPlain: Bool, range: ClosedRange<Int>
    ) -> String? {
        if let message = ScalarForm.numeric(text, isPlain: isPlain) { return message }
        guard let value = Double(text), value == value.rounded() else {
            return "\(text) is not a whole number"
        }
        if value < Double(range.lowerBound) {
            return "\(text) is too small; it must be at least \(range.lowerBound)"
        }
        return value > Double(range.upperBound)
            ? "\(text) is too large; it may be at most \(range.upperBound)" : nil
    }

    private static func word(_ text: String, words: [String], reserved: [String]) -> String? {
        if words.contains(text) { return nil }
        if reserved.contains(text) {
            return "'\(text)' is reserved: it comes in a later version"
        }
        let list = "write one of: \(words.joined(separator: ", "))"
        return "'\(text)' is not known"
            + Suggestion.phrase(for: text, among: words, otherwise: list)
    }

    private static func output(_ text: String) -> String? {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let kind = String(halves[0])
        guard ScalarForm.outputKinds.contains(kind) else {
            return ScalarForm.word(kind, words: ScalarForm.outputKinds, reserved: [])
        }
        return halves.count == 2 && halves[1].isEmpty ? "'\(text)' has no destination after =" : nil
    }
}

/// JSON's own grammar of numbers (RFC 8259, section 6).
enum JSONNumber {
    /// True for a text that JSON reads as a number; `010`, `+1`, `.5` and `1_000` are none.
    static func isNumber(_ text: String) -> Bool {
        var rest = Substring(text)
        if rest.first == "-" { rest = rest.dropFirst() }
        let whole = digits(&rest)
        guard !whole.isEmpty, whole == "0" || whole.first != "0" else { return false }
        if rest.first == "." {
            rest = rest.dropFirst()
            if digits(&rest).isEmpty { return false }
        }
        if rest.first == "e" || rest.first == "E" {
            rest = rest.dropFirst()
            if rest.first == "+" || rest.first == "-" { rest = rest.dropFirst() }
            if digits(&rest).isEmpty { return false }
        }
        return rest.isEmpty
    }

    private static func digits(_ rest: inout Substring) -> Substring {
        let digits = rest.prefix { "0" <= $0 && $0 <= "9" }
        rest = rest.dropFirst(digits.count)
        return digits
    }
}

extension StatusPattern {
    /// Reads `404`, `4xx` or `500-504`; nil for anything else.
    init?(text: String, isPlain: Bool) {
        let scalars = Array(text.unicodeScalars)
        let codes = text.split(separator: "-", omittingEmptySubsequences: false).map {
            $0.utf8.count == 3 && JSONNumber.isNumber(String($0)) ? Int($0) : nil
        }
        if scalars.count == 3, scalars[1] == "x", scalars[2] == "x",
            let hundred = Int(String(scalars[0])), (1...5).contains(hundred)
        {
            self = .range((hundred * 100)...(hundred * 100 + 99))
        } else if codes.count == 1, let code = codes[0], (100...599).contains(code) {
            self = .range(code...code)
        } else if codes.count == 2, let low = codes[0], let high = codes[1], low <= high,
            (100...599).contains(low), (100...599).contains(high)
        {
            self = .range(low...high)
        } else {
            return nil
        }
    }
}
