import Foundation

/// Reads a trace's file chunk by chunk: its lines are gone when their times are known.
///
/// Numbers or timestamps one a line, access logs, a column of CSV, or a key of NDJSON; the first
/// line decides which. Empty lines and lines that begin with `#` are skipped. Holds 8 bytes an
/// arrival and one line. One pass; NDJSON takes ten times as long as the others.
struct TraceReader {
    /// What is wrong, and in which line of the file, from 1.
    struct Mistake: Error, Equatable {
        var line: Int
        var message: String
    }
    private enum Form {
        case plain
        case accessLog
        case csv(index: Int)
        case ndjson
    }

    /// The most arrivals: 80 MB of memory.
    static let mostTimes = 10_000_000
    /// The longest line.
    static let longestLine = 65_536
    /// Numbers from here on are seconds since 1970, as no recording lasts three years.
    static let epoch: Int64 = 100_000_000_000_000_000

    private let column: String?
    private let mostTimes: Int
    private var form: Form?
    private var isInstants: Bool?
    private var times: [Int64] = []
    private var line = 0
    /// A line whose end has not come.
    private var pending: [UInt8] = []

    init(column: String?, mostTimes: Int = TraceReader.mostTimes) {
        self.column = column
        self.mostTimes = mostTimes
    }

    /// Reads what the next bytes of the file complete.
    mutating func read(_ chunk: [UInt8]) throws(Mistake) {
        var rest = chunk[...]
        while let end = rest.firstIndex(of: 0x0A) {
            if self.pending.isEmpty {
                try self.readLine(rest[..<end])
            } else {
                self.pending += rest[..<end]
                let whole = self.pending
                self.pending = []
                try self.readLine(whole[...])
            }
            rest = rest[(end + 1)...]
        }
        self.pending += rest
        if self.pending.count > TraceReader.longestLine {
            throw Mistake(line: self.line + 1, message: "the line is longer than 64 KiB")
        }
    }

    /// The times, when all bytes were read.
    mutating func finish() throws(Mistake) -> TraceTimes {
        if !self.pending.isEmpty {
            let whole = self.pending
            self.pending = []
            try self.readLine(whole[...])
        }
        guard let earliest = self.times.min() else {
            throw Mistake(line: max(1, self.line), message: "the file holds no arrival")
        }
        var isWholeSeconds = false
        if case .accessLog = self.form { isWholeSeconds = true }
        if self.isInstants == true || earliest >= TraceReader.epoch {
            for index in self.times.indices { self.times[index] -= earliest }
        }
        return TraceTimes(nanoseconds: self.times, isWholeSeconds: isWholeSeconds)
    }

    private mutating func readLine(_ bytes: ArraySlice<UInt8>) throws(Mistake) {
        self.line += 1
        var text = bytes
        if self.line == 1 {
            if text.starts(with: [0x1F, 0x8B]) {
                throw Mistake(line: 1, message: "the file is compressed; unpack it with gunzip")
            }
            if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        }
        if text.last == 0x0D { text = text.dropLast() }
        text = TraceStamp.trimmed(text)
        guard let first = text.first, first != UInt8(ascii: "#") else { return }
        guard let form = self.form else {
            try self.begin(text)
            return
        }
        try self.append(text, form)
    }

    /// The first line says what the others are.
    private mutating func begin(_ text: ArraySlice<UInt8>) throws(Mistake) {
        if text.first == UInt8(ascii: "{") {
            guard self.column != nil else {
                throw self.mistake("this is NDJSON; say in 'column' which key holds the time")
            }
            self.form = .ndjson
        } else if let column {
            let names = try self.fields(text).map { String(decoding: $0, as: UTF8.self) }
            guard let index = names.firstIndex(of: column) else {
                throw self.mistake(
                    "there is no column '\(column)'; there are: "
                        + names.prefix(20).joined(separator: ", "))
            }
            self.form = .csv(index: index)
            return
        } else if TraceStamp(accessLog: text) != nil {
            self.form = .accessLog
        } else {
            if text.contains(UInt8(ascii: ",")) {
                throw self.mistake("this is CSV; say in 'column' which column holds the time")
            }
            self.form = .plain
        }
        if let form { try self.append(text, form) }
    }

    private mutating func append(_ text: ArraySlice<UInt8>, _ form: Form) throws(Mistake) {
        let stamp: TraceStamp
        switch form {
        case .plain: stamp = try self.stamp(text)
        case .accessLog:
            guard let found = TraceStamp(accessLog: text) else {
                throw self.mistake(
                    "no time such as [31/May/2020:00:48:00 -0500] in "
                        + "'\(TraceStamp.shown(text))'")
            }
            stamp = found
        case .csv(let index):
            let fields = try self.fields(text)
            guard fields.indices.contains(index) else {
                throw self.mistake(
                    "\(fields.count) fields; the time is in field \(index + 1)")
            }
            stamp = try self.stamp(fields[index])
        case .ndjson: stamp = try self.stamp(try self.member(of: text))
        }
        let (time, isInstant): (Int64, Bool) =
            switch stamp {
            case .seconds(let time): (time, false)
            case .instant(let time): (time, true)
            }
        if let isInstants, isInstants != isInstant {
            throw self.mistake(
                isInstant
                    ? "a timestamp where the lines before have seconds"
                    : "seconds where the lines before have timestamps")
        }
        self.isInstants = isInstant
        guard self.times.count < self.mostTimes else {
            throw self.mistake(
                "more than \(self.mostTimes) arrivals; cut the file into several traces")
        }
        self.times.append(time)
    }

    private func stamp(_ text: ArraySlice<UInt8>) throws(Mistake) -> TraceStamp {
        do throws(TraceStamp.Mistake) { return try TraceStamp(text) } catch {
            throw self.mistake(error.message)
        }
    }

    private func mistake(_ message: String) -> Mistake {
        Mistake(line: self.line, message: message)
    }

    // MARK: - Fields

    /// A line's fields as RFC 4180 has them, but for line breaks inside quotes.
    private func fields(_ text: ArraySlice<UInt8>) throws(Mistake) -> [ArraySlice<UInt8>] {
        guard text.contains(UInt8(ascii: "\"")) else {
            return text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        }
        var fields: [ArraySlice<UInt8>] = []
        var field: [UInt8] = []
        var isQuoted = false
        for byte in text {
            if byte == UInt8(ascii: "\"") {
                // A doubled quote inside quotes is a quote; times have none, so it may be lost.
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ","), !isQuoted {
                fields.append(field[...])
                field = []
            } else {
                field.append(byte)
            }
        }
        if isQuoted { throw self.mistake("a quoted field is not closed on its line") }
        fields.append(field[...])
        return fields
    }

    /// The value of the key in an object, as it is written.
    private func member(of text: ArraySlice<UInt8>) throws(Mistake) -> ArraySlice<UInt8> {
        let key = self.column ?? ""
        guard
            let object = (try? JSONSerialization.jsonObject(with: Data(text))) as? [String: Any]
        else {
            throw self.mistake("'\(TraceStamp.shown(text))' is no JSON object")
        }
        switch object[key] {
        case let value as String: return Array(value.utf8)[...]
        case let value as NSNumber: return Array(value.description.utf8)[...]
        case nil: throw self.mistake("the object has no '\(key)'")
        default: throw self.mistake("'\(key)' is neither a number nor a text")
        }
    }
}
