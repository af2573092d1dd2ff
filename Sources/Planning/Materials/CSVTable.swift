/// Reads CSV as RFC 4180 has it: a head row, quoted fields, LF or CR LF.
///
/// A byte-order mark and empty lines are skipped. Costs one pass and a copy of the text.
struct CSVTable: Sendable, Equatable {
    /// What is wrong, and in which line of the file, from 1.
    struct Mistake: Error, Equatable {
        var line: Int
        var message: String
    }

    var columns: [String]
    var rows: [[String]]

    init(_ bytes: [UInt8]) throws(Mistake) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Mistake(line: 1, message: "the file is not UTF-8")
        }
        var scanner = Scanner(bytes: Array(text.utf8))
        var columns: [String]?
        var rows: [[String]] = []
        while let (line, fields) = try scanner.nextRecord() {
            guard let head = columns else {
                try CSVTable.check(head: fields, line: line)
                columns = fields
                continue
            }
            guard fields.count == head.count else {
                throw Mistake(
                    line: line,
                    message: "\(fields.count) fields where the head has \(head.count)")
            }
            rows.append(fields)
        }
        guard let columns else { throw Mistake(line: 1, message: "the file is empty") }
        self.columns = columns
        self.rows = rows
    }

    private static func check(head: [String], line: Int) throws(Mistake) {
        var seen: Set<String> = []
        for name in head {
            if name.isEmpty { throw Mistake(line: line, message: "a column has no name") }
            if !seen.insert(name).inserted {
                throw Mistake(line: line, message: "two columns are called '\(name)'")
            }
        }
    }

    private struct Scanner {
        let bytes: [UInt8]
        var index = 0
        var line = 1

        init(bytes: [UInt8]) {
            self.bytes = bytes
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { self.index = 3 }
        }

        /// The next record that is no empty line, and the line it begins in.
        mutating func nextRecord() throws(Mistake) -> (line: Int, fields: [String])? {
            while self.skipLineEnd() {}
            guard self.index < self.bytes.count else { return nil }
            let begin = self.line
            var fields: [String] = []
            while true {
                fields.append(try self.field())
                if self.index < self.bytes.count, self.bytes[self.index] == UInt8(ascii: ",") {
                    self.index += 1
                    continue
                }
                _ = self.skipLineEnd()
                return (begin, fields)
            }
        }

        private mutating func field() throws(Mistake) -> String {
            guard self.index < self.bytes.count, self.bytes[self.index] == UInt8(ascii: "\"") else {
                return try self.plainField()
            }
            let begin = self.line
            self.index += 1
            var content: [UInt8] = []
            while self.index < self.bytes.count {
                let byte = self.bytes[self.index]
                self.index += 1
                if byte == UInt8(ascii: "\n") { self.line += 1 }
                guard byte == UInt8(ascii: "\"") else {
                    content.append(byte)
                    continue
                }
                if self.index < self.bytes.count, self.bytes[self.index] == UInt8(ascii: "\"") {
                    content.append(byte)
                    self.index += 1
                    continue
                }
                guard self.atFieldEnd else {
                    throw Mistake(
                        line: self.line, message: "text follows the closing quote of a field")
                }
                return String(decoding: content, as: UTF8.self)
            }
            throw Mistake(line: begin, message: "a quoted field is never closed")
        }

        private mutating func plainField() throws(Mistake) -> String {
            let begin = self.index
            while !self.atFieldEnd {
                if self.bytes[self.index] == UInt8(ascii: "\"") {
                    throw Mistake(
                        line: self.line,
                        message: "a quote inside an unquoted field; quote the whole field")
                }
                self.index += 1
            }
            return String(decoding: self.bytes[begin..<self.index], as: UTF8.self)
        }

        private var atFieldEnd: Bool {
            guard self.index < self.bytes.count else { return true }
            let byte = self.bytes[self.index]
            return byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || self.atCRLF
        }

        private var atCRLF: Bool {
            self.index + 1 < self.bytes.count && self.bytes[self.index] == 13
                && self.bytes[self.index + 1] == 10
        }

        private mutating func skipLineEnd() -> Bool {
            guard self.index < self.bytes.count else { return false }
            guard self.atCRLF || self.bytes[self.index] == 10 else { return false }
            self.index += self.bytes[self.index] == 13 ? 2 : 1
            self.line += 1
            return true
        }
    }
}
