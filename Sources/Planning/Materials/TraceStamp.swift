/// A time as a trace's file writes it.
enum TraceStamp: Equatable {
    /// Nanoseconds from a zero of the file's own.
    case seconds(Int64)
    /// Nanoseconds since 1970 in UTC.
    case instant(Int64)

    /// Why a text is no time: one sentence without position.
    struct Mistake: Error, Equatable {
        var message: String
    }

    /// Reads `12.5`, `2020-05-31T05:48:00.250Z` or `2020-05-31 00:48:00-05:00` (RFC 3339).
    ///
    /// Decimals beyond the ninth are cut. The offset is part of the text, so no time zone and no
    /// daylight saving is looked up; a leap second counts as the second after it.
    init(_ text: ArraySlice<UInt8>) throws(Mistake) {
        let text = TraceStamp.trimmed(text)
        if text.count > 10, text[text.startIndex + 4] == UInt8(ascii: "-"),
            let instant = TraceStamp.rfc3339(text)
        {
            self = .instant(instant)
            return
        }
        if text.first == UInt8(ascii: "-"), TraceStamp.number(text.dropFirst()) != nil {
            throw Mistake(message: "\(TraceStamp.shown(text)) is negative; times count from 0")
        }
        guard let number = TraceStamp.number(text) else {
            throw Mistake(
                message: "'\(TraceStamp.shown(text))' is no time; write seconds such as 12.5 or a "
                    + "timestamp such as 2020-05-31T05:48:00Z")
        }
        guard number < .max else {
            throw Mistake(
                message: "\(TraceStamp.shown(text)) s are more than 292 years; are these "
                    + "milliseconds?")
        }
        self = .seconds(number)
    }

    /// Reads the time in brackets of an access log's line, `[31/May/2020:00:48:00 -0500]`.
    ///
    /// Nil where there is none; as NCSA's httpd, Apache and nginx write it.
    init?(accessLog line: ArraySlice<UInt8>) {
        guard let open = line.firstIndex(of: UInt8(ascii: "[")),
            let close = line[open...].firstIndex(of: UInt8(ascii: "]")), close - open == 27
        else { return nil }
        var reading = Reading(line[(open + 1)..<close])
        guard let day = reading.digits(2), reading.takes("/"), let month = reading.month(),
            reading.takes("/"), let year = reading.digits(4), reading.takes(":"),
            let hour = reading.digits(2), reading.takes(":"), let minute = reading.digits(2),
            reading.takes(":"), let second = reading.digits(2), reading.takes(" "),
            let offset = reading.offset(colon: false),
            let instant = TraceStamp.instant(
                year, month, day, hour, minute, second, offset: offset)
        else { return nil }
        self = .instant(instant)
    }

    /// A text for messages: at most forty characters, none of them invisible.
    static func shown(_ text: ArraySlice<UInt8>) -> String {
        let start = String(decoding: text.prefix(40), as: UTF8.self)
        return String(start.map { $0.isASCII && ($0 < " " || $0 == "\u{7F}") ? "?" : $0 })
            + (text.count > 40 ? "…" : "")
    }

    /// Without spaces and tabs around it.
    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    // MARK: - Numbers

    /// Nanoseconds of a decimal number of seconds, exact to the last; `.max` beyond 292 years.
    private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        if text.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            let letters = String(decoding: text, as: UTF8.self)
            guard letters.first?.isNumber == true, letters.last?.isNumber == true,
                let value = Double(letters)
            else { return nil }
            return value < 9.2e9 ? Int64((value * 1e9).rounded()) : .max
        }
        var (whole, fraction): (Int64, Int64) = (0, 0)
        var (digits, decimals) = (0, -1)
        for byte in text {
            if byte == UInt8(ascii: "."), decimals < 0, digits > 0 {
                decimals = 0
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            digits += 1
            if decimals < 0 {
                // Above the longest span no digit matters; those that follow are still checked.
                whole = min(whole * 10 + Int64(byte - 0x30), TraceStamp.longest + 1)
            } else {
                decimals += 1
                if decimals <= 9 { fraction = fraction * 10 + Int64(byte - 0x30) }
            }
        }
        guard digits > 0, decimals != 0 else { return nil }
        if whole > TraceStamp.longest { return .max }
        for _ in max(0, min(9, decimals))..<9 { fraction *= 10 }
        return whole * 1_000_000_000 + fraction
    }

    /// Seconds that fit into 64 bits of nanoseconds, with room for their fraction.
    private static let longest: Int64 = 9_200_000_000

    // MARK: - Civil time

    private static func rfc3339(_ text: ArraySlice<UInt8>) -> Int64? {
        var reading = Reading(text)
        guard let year = reading.digits(4), reading.takes("-"), let month = reading.digits(2),
            reading.takes("-"), let day = reading.digits(2),
            reading.takes("T") || reading.takes("t") || reading.takes(" "),
            let hour = reading.digits(2), reading.takes(":"), let minute = reading.digits(2),
            reading.takes(":"), let second = reading.digits(2)
        else { return nil }
        var fraction: Int64 = 0
        if reading.takes(".") {
            guard let value = reading.fraction() else { return nil }
            fraction = value
        }
        guard let offset = reading.offset(colon: true), reading.isAtEnd,
            let whole = TraceStamp.instant(
                year, month, day, hour, minute, second, offset: offset)
        else { return nil }
        return whole + fraction
    }

    /// Days by Fliegel and Van Flandern's way of counting from March (CACM 11, 1968).
    private static func instant(
        _ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64, _ minute: Int64,
        _ second: Int64, offset: Int64
    ) -> Int64? {
        guard (1_700...2_250).contains(year), (1...12).contains(month), day >= 1,
            day <= TraceStamp.days(in: month, of: year), hour < 24, minute < 60, second <= 60
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let monthFromMarch = (month + 9) % 12
        let days =
            365 * shifted + shifted / 4 - shifted / 100 + shifted / 400
            + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        return seconds * 1_000_000_000
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// A place in a text.
    private struct Reading {
        private var rest: ArraySlice<UInt8>

        init(_ text: ArraySlice<UInt8>) { self.rest = text }

        var isAtEnd: Bool { self.rest.isEmpty }

        mutating func takes(_ character: Unicode.Scalar) -> Bool {
            guard self.rest.first == UInt8(ascii: character) else { return false }
            self.rest = self.rest.dropFirst()
            return true
        }

        mutating func digits(_ count: Int) -> Int64? {
            guard self.rest.count >= count else { return nil }
            var value: Int64 = 0
            for byte in self.rest.prefix(count) {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            self.rest = self.rest.dropFirst(count)
            return value
        }

        /// Nanoseconds of the digits after a point.
        mutating func fraction() -> Int64? {
            var value: Int64 = 0
            var digits = 0
            while let digit = self.digits(1) {
                digits += 1
                if digits <= 9 { value = value * 10 + digit }
            }
            guard digits > 0 else { return nil }
            for _ in min(9, digits)..<9 { value *= 10 }
            return value
        }

        mutating func month() -> Int64? {
            let names =
                ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
                + ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            let name = String(decoding: self.rest.prefix(3), as: UTF8.self)
            self.rest = self.rest.dropFirst(3)
            return names.firstIndex(of: name).map { Int64($0 + 1) }
        }

        /// Seconds east of Greenwich.
        mutating func offset(colon: Bool) -> Int64? {
            if colon, self.takes("Z") || self.takes("z") { return 0 }
            let sign: Int64
            if self.takes("+") {
                sign = 1
            } else if self.takes("-") {
                sign = -1
            } else {
                return nil
            }
            guard let hours = self.digits(2) else { return nil }
            if colon, !self.takes(":") { return nil }
            guard let minutes = self.digits(2), hours < 24, minutes < 60 else { return nil }
            return sign * (hours * 3_600 + minutes * 60)
        }
    }
}
