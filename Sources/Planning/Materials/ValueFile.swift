import Primitives

/// Reads recorded sizes or times: one a line, or a column of CSV.
///
/// Bare numbers are bytes or seconds; a unit behind a number (`12KiB`, `250ms`) always holds. Empty
/// lines and lines that begin with `#` are skipped where there is no column.
enum ValueFile {
    /// The largest file.
    static let mostBytes: Int64 = 67_108_864
    /// The most values: 8 MB of memory.
    static let mostValues = 1_000_000

    static func values(
        _ bytes: [UInt8], column: String?, unit: RecordedValues.Unit
    ) throws(CSVTable.Mistake) -> [Double] {
        let cells: [(line: Int, text: String)]
        if let column {
            cells = try ValueFile.cells(bytes, of: column)
        } else {
            cells = try ValueFile.lines(bytes)
        }
        var values: [Double] = []
        for (line, text) in cells {
            guard values.count < mostValues else {
                throw CSVTable.Mistake(line: line, message: "more than \(mostValues) values")
            }
            values.append(try value(text, line: line, unit: unit))
        }
        guard !values.isEmpty else {
            throw CSVTable.Mistake(line: 1, message: "the file holds no value")
        }
        return values
    }

    private static func lines(
        _ bytes: [UInt8]
    ) throws(CSVTable.Mistake) -> [(line: Int, text: String)] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let rest = bytes.starts(with: mark) ? bytes[3...] : bytes[...]
        var found: [(line: Int, text: String)] = []
        var number = 0
        for line in rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let text = trimmed(String(decoding: line, as: UTF8.self))
            if text.isEmpty || text.hasPrefix("#") { continue }
            if text.contains(",") {
                throw CSVTable.Mistake(
                    line: number, message: "this is CSV; say in 'column' which column holds them")
            }
            found.append((number, text))
        }
        return found
    }

    private static func cells(
        _ bytes: [UInt8], of column: String
    ) throws(CSVTable.Mistake) -> [(line: Int, text: String)] {
        let table = try CSVTable(bytes)
        guard let index = table.columns.firstIndex(of: column) else {
            throw CSVTable.Mistake(
                line: 1,
                message: "there is no column '\(column)'; there are: "
                    + table.columns.prefix(20).joined(separator: ", "))
        }
        // The head is line 1; where cells hold line breaks the lines are the rows' numbers.
        return table.rows.enumerated().map { ($0.offset + 2, trimmed($0.element[index])) }
    }

    private static func trimmed(_ text: String) -> String {
        var view = text[...].drop { $0.isWhitespace }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }

    private static func value(
        _ text: String, line: Int, unit: RecordedValues.Unit
    ) throws(CSVTable.Mistake) -> Double {
        let isBare = text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
        }
        if isBare, let number = Double(text), number.isFinite {
            if number >= 0 { return number }
            throw CSVTable.Mistake(line: line, message: "\(text) is negative")
        }
        do throws(UnitError) {
            switch unit {
            case .bytes: return Double(try UnitText.size(text).count)
            case .seconds: return try UnitText.duration(text).seconds
            }
        } catch {
            throw CSVTable.Mistake(line: line, message: error.message)
        }
    }
}
