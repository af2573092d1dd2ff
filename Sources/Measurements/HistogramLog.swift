import Foundation
package import Primitives

/// HdrHistogram's interval log (`.hlog`), format 1.3: written for our runs, read from any tool.
package enum HistogramLog {
    /// One line of a log.
    package struct Interval: Sendable, Hashable {
        /// What the histogram is of; nil without a tag.
        package var tag: String?
        /// Seconds from the log's start, or since 1970: as the line says.
        package var start: Double
        /// The interval's length in seconds.
        package var length: Double
        /// The largest value, in the log's own unit: milliseconds in ours.
        package var maximum: Double
        /// The values.
        package var histogram: SparseHistogram
    }
    /// What a whole log says.
    package struct Contents: Sendable {
        /// Seconds since 1970, from the `StartTime` comment; nil without one.
        package var startTime: Double?
        /// Seconds since 1970 that starts are relative to, from `BaseTime`; nil without one.
        package var baseTime: Double?
        /// The intervals, in the file's order.
        package var intervals: [Interval] = []
        /// Lines that could not be read, one sentence each.
        package var damage: [String] = []
    }

    /// The comments and the legend a log begins with.
    ///
    /// - Parameter start: what the lines' starts are relative to.
    package static func header(start: WallTime, software: String) -> String {
        let seconds = UnitText.fixed(Double(start.milliseconds) / 1000, 3)
        return "#[Logged with \(software)]\n#[Histogram log format version 1.3]\n"
            + "#[StartTime: \(seconds) (seconds since epoch), \(start.iso8601)]\n"
            + "#[Values are microseconds, Interval_Max is milliseconds]\n"
            + "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
            + "\"Interval_Compressed_Histogram\"\n"
    }

    /// One line with its newline; times are whole seconds from the log's start.
    ///
    /// - Precondition: the tag has no comma, space or newline; the format forbids them.
    package static func line(
        tag: String, start: Int, length: Int, histogram: SparseHistogram
    ) -> String {
        precondition(!tag.contains { $0 == "," || $0.isWhitespace }, "a tag of one word")
        let packed = Data(HistogramCodec.encodeCompressed(histogram)).base64EncodedString()
        let digits = String(histogram.maximum % 1000)
        let fraction = String(repeating: "0", count: 3 - digits.count) + digits
        return "Tag=\(tag),\(start).000,\(length).000,"
            + "\(histogram.maximum / 1000).\(fraction),\(packed)\n"
    }

    /// A name without the characters a tag must not have.
    package static func tag(_ name: String) -> String {
        String(
            name.map { character in
                let plain =
                    character.isASCII
                    && (character.isLetter || character.isNumber || "._-/".contains(character))
                return plain ? character : "_"
            })
    }

    /// Reads one line; nil for comments, the legend and blank lines.
    ///
    /// - Throws: `HistogramCodecError` for anything else that is no interval.
    package static func parse(_ line: Substring) throws(HistogramCodecError) -> Interval? {
        if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("\"") { return nil }
        // By bytes: nobody needs the characters of what is mostly base64.
        var fields = line.utf8
            .split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map(Substring.init)
        var tag: String?
        if let first = fields.first, first.hasPrefix("Tag=") {
            tag = String(first.dropFirst(4))
            fields.removeFirst()
        }
        guard fields.count == 4, let start = Double(fields[0]), let length = Double(fields[1]),
            let maximum = Double(fields[2]), start.isFinite, length.isFinite, maximum.isFinite,
            let packed = Data(base64Encoded: String(fields[3]))
        else { throw .truncated }
        return Interval(
            tag: tag, start: start, length: length, maximum: maximum,
            histogram: try HistogramCodec.decode([UInt8](packed)).compacted())
    }

    /// Reads a whole log of version 1.0 to 1.3; what cannot be read is named in `damage`.
    ///
    /// A last line without its newline was torn by a sudden death and is not taken.
    package static func read(_ bytes: [UInt8]) -> Contents {
        var contents = Contents()
        for line in TextLines(bytes) {
            guard line.isWhole else {
                contents.damage.append("line \(line.number) is torn")
                continue
            }
            let text = line.text
            if text.hasPrefix("#[StartTime:") { contents.startTime = seconds(in: text) }
            if text.hasPrefix("#[BaseTime:") { contents.baseTime = seconds(in: text) }
            do throws(HistogramCodecError) {
                if let interval = try parse(text) { contents.intervals.append(interval) }
            } catch {
                contents.damage.append("line \(line.number) is no interval (\(error))")
            }
        }
        return contents
    }

    private static func seconds(in comment: Substring) -> Double? {
        guard let colon = comment.firstIndex(of: ":") else { return nil }
        let rest = comment[comment.index(after: colon)...].drop { $0 == " " }
        return Double(rest.prefix { $0.isNumber || $0 == "." })
    }
}
