import Primitives

/// What a fault's parameter may be.
enum FaultForm: Sendable, Equatable {
    /// A span of real time, with its unit.
    case duration
    /// A number of bytes.
    case size
    /// A whole number.
    case count(ClosedRange<Int>)
    /// So many a second: `50/s`.
    case perTime
    /// Bytes or bits a second: `2MB/s`, `8Mbit/s`.
    case bandwidth
    /// A part of all, above 0 and at most 1.
    case share
    /// How many times as much, at least 1.
    case factor
    /// One of some words.
    case word([String])
    /// `address`, or the name of a header.
    case field

    /// Reads a text.
    ///
    /// - Throws: `UnitError` that says what is allowed.
    func read(_ text: String) throws(UnitError) -> FaultValue {
        switch self {
        case .duration: return .span(try UnitText.duration(text))
        case .size: return .count(Int(try UnitText.size(text).count))
        case .count(let range):
            guard let value = Int(text), range.contains(value) else {
                throw UnitError(
                    "'\(text)' is not a whole number from \(range.lowerBound) to "
                        + "\(range.upperBound)")
            }
            return .count(value)
        case .perTime: return .number(try UnitText.rate(text).perSecond)
        case .bandwidth: return .number(try UnitText.bitRate(text))
        case .share: return .number(try FaultForm.number(text, above: 0, atMost: 1))
        case .factor:
            guard let value = Double(text), value >= 1, value <= 1e6 else {
                throw UnitError("'\(text)' is not a number from 1 up")
            }
            return .number(value)
        case .word(let words):
            guard words.contains(text) else {
                throw UnitError("'\(text)' is not \(words.joined(separator: " or "))")
            }
            return .word(text)
        case .field:
            let isName = text.utf8.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39)
                    || $0 == 0x2D
            }
            guard !text.isEmpty, isName else {
                throw UnitError("'\(text)' is neither 'address' nor the name of a header")
            }
            return .word(text)
        }
    }

    /// A value in a form that `read` takes back without loss.
    func json(_ value: FaultValue) -> JSONValue {
        switch (self, value) {
        case (_, .span(let span)): .string(SettingsTable.durationText(span))
        case (_, .count(let count)): .integer(count)
        case (_, .word(let word)): .string(word)
        case (.perTime, .number(let number)): .string("\(FaultForm.plain(number))/s")
        case (.bandwidth, .number(let number)): .string("\(FaultForm.plain(number))B/s")
        case (_, .number(let number)): .number(number)
        }
    }

    private static func number(
        _ text: String, above low: Double, atMost high: Double
    ) throws(UnitError) -> Double {
        guard let value = Double(text), value > low, value <= high else {
            throw UnitError("'\(text)' is not a number above 0 and up to 1")
        }
        return value
    }

    /// A number without an exponent where it is whole, as the readers of units want it.
    private static func plain(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}

/// A parameter's value.
enum FaultValue: Sendable, Equatable {
    /// A span of real time.
    case span(Nanoseconds)
    /// A whole number, bytes included.
    case count(Int)
    /// A rate, a share or a factor.
    case number(Double)
    /// A word.
    case word(String)
}
