package import Foundation

/// Why a report could not be read.
package struct ReportError: Error, Sendable, Hashable {
    /// One sentence.
    package var message: String

    /// An error with that sentence.
    package init(_ message: String) {
        self.message = message
    }
}

/// Writes and reads `report.json`.
package enum ReportCoding {
    /// The report as JSON: keys sorted, a line for each row of a list, a newline at the end.
    ///
    /// The same report always gives the same bytes.
    ///
    /// - Throws: `ReportError` when a number is not finite.
    package static func encode(_ report: Report) throws(ReportError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Data(laidOut(Array(try encoder.encode(report))))
        } catch {
            throw ReportError("the report has a number that JSON cannot hold")
        }
    }

    /// Reads a report.
    ///
    /// - Throws: `ReportError` when the text is no report of this schema.
    package static func decode(_ data: Data) throws(ReportError) -> Report {
        let report: Report
        do {
            report = try JSONDecoder().decode(Report.self, from: data)
        } catch {
            throw ReportError("not a report of schema spate/report/1: \(error)")
        }
        guard report.schema == "spate/report/1" else {
            throw ReportError("schema '\(report.schema)' is not spate/report/1")
        }
        return report
    }

    /// Breaks compact JSON into lines at its two outer levels, so that a difference between two
    /// reports reads as one line a row.
    private static func laidOut(_ compact: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(compact.count + compact.count / 16)
        var depth = 0
        var inString = false
        var escaped = false
        for (index, byte) in compact.enumerated() {
            if inString {
                output.append(byte)
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                inString = true
                output.append(byte)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                output.append(byte)
                let closes = index + 1 < compact.count && isClosing(compact[index + 1])
                if depth <= 2, !closes { breakLine(&output, depth) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                let opened = index > 0 && isOpening(compact[index - 1])
                if depth < 2, !opened { breakLine(&output, depth) }
                output.append(byte)
            case UInt8(ascii: ","):
                output.append(byte)
                if depth <= 2 { breakLine(&output, depth) }
            default:
                output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\n"))
        return output
    }

    private static func isOpening(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
    }

    private static func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }

    private static func breakLine(_ output: inout [UInt8], _ depth: Int) {
        output.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { output.append(UInt8(ascii: " ")) }
    }
}
