/// A place in the bytes of a line of JSON without blanks or escapes, as this program writes them.
struct JSONCursor {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    /// The line's beginning.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// True behind the last byte.
    var isAtEnd: Bool { self.at == self.bytes.count }

    private var next: UInt8? { self.at < self.bytes.count ? self.bytes[self.at] : nil }

    /// Goes behind the next byte if it is this one.
    mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.at += 1
        return true
    }

    /// The bytes of a string of printable ASCII; nil for any other.
    mutating func text() -> UnsafeBufferPointer<UInt8>? {
        guard self.take(UInt8(ascii: "\"")) else { return nil }
        let start = self.at
        while let byte = self.next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20, byte < 0x7f, byte != UInt8(ascii: "\\") else { return nil }
            self.at += 1
        }
        let text = UnsafeBufferPointer(rebasing: self.bytes[start..<self.at])
        return self.take(UInt8(ascii: "\"")) ? text : nil
    }

    /// A whole number; nil for one with a fraction, and for what does not fit.
    mutating func integer() -> Int64? {
        let isNegative = self.take(UInt8(ascii: "-"))
        guard let digits = self.digits(), digits.count <= 18,
            self.next != UInt8(ascii: "."), !self.isAtExponent
        else { return nil }
        return isNegative ? -Int64(digits.value) : Int64(digits.value)
    }

    /// Any number.
    ///
    /// Up to 15 digits and ten to as many are whole numbers that a `Double` holds, so that their
    /// quotient is rounded once and right (W. D. Clinger, "How to read floating point numbers
    /// accurately", 1990); the rest is left to the library.
    mutating func number() -> Double? {
        let start = self.at
        let isNegative = self.take(UInt8(ascii: "-"))
        guard let whole = self.digits() else { return nil }
        var mantissa = whole.value
        var count = whole.count
        var decimals = 0
        if self.take(UInt8(ascii: ".")) {
            guard let fraction = self.digits(from: mantissa) else { return nil }
            mantissa = fraction.value
            decimals = fraction.count
            count += fraction.count
        }
        if count <= 15, !self.isAtExponent {
            let value = Double(mantissa) / Self.powers[decimals]
            return isNegative ? -value : value
        }
        while let byte = self.next, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}") {
            self.at += 1
        }
        return Double(String(decoding: self.bytes[start..<self.at], as: UTF8.self))
    }

    private static let powers: [Double] = (0...15).map { exponent in
        (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    }

    private var isAtExponent: Bool {
        self.next == UInt8(ascii: "e") || self.next == UInt8(ascii: "E")
    }

    /// One digit or more, behind those of a number before; what is too long overflows silently.
    private mutating func digits(from number: UInt64 = 0) -> (value: UInt64, count: Int)? {
        let start = self.at
        var value = number
        while let byte = self.next, byte >= 0x30, byte <= 0x39 {
            value = value &* 10 &+ UInt64(byte - 0x30)
            self.at += 1
        }
        return self.at > start ? (value, self.at - start) : nil
    }
}

/// Values read into where they belong; false, and nothing changed, where something else stands.
extension JSONCursor {
    mutating func read(into number: inout Double) -> Bool {
        guard let value = self.number() else { return false }
        number = value
        return true
    }

    mutating func read<Number: FixedWidthInteger>(into number: inout Number) -> Bool {
        guard let value = self.integer(), let fitting = Number(exactly: value) else { return false }
        number = fitting
        return true
    }

    mutating func read<Number: FixedWidthInteger>(into number: inout Number?) -> Bool {
        guard let value = self.integer(), let fitting = Number(exactly: value) else { return false }
        number = fitting
        return true
    }

    mutating func read(into truth: inout Bool) -> Bool {
        guard let value = self.truth() else { return false }
        truth = value
        return true
    }

    mutating func read(into truth: inout Bool?) -> Bool {
        guard let value = self.truth() else { return false }
        truth = value
        return true
    }

    private mutating func truth() -> Bool? {
        if self.word("true") { return true }
        return self.word("false") ? false : nil
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let end = self.at + word.utf8CodeUnitCount
        guard end <= self.bytes.count else { return false }
        for index in 0..<word.utf8CodeUnitCount
        where self.bytes[self.at + index] != word.utf8Start[index] {
            return false
        }
        self.at = end
        return true
    }
}
