/// A scenario's text by lines, for positions and the source lines under a message.
struct SourceText {
    /// The lines without their breaks; never empty.
    let lines: [[Unicode.Scalar]]

    /// Splits a text where YAML sees line breaks: LF, CRLF, CR, NEL, LS and PS.
    init(_ text: String) {
        var lines: [[Unicode.Scalar]] = []
        var line: [Unicode.Scalar] = []
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if scalar == "\n" && afterReturn {
                afterReturn = false
                continue
            }
            afterReturn = scalar == "\r"
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append(line)
                line = []
            case "\u{FEFF}" where lines.isEmpty && line.isEmpty:
                continue
            default:
                line.append(scalar)
            }
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line) }
        self.lines = lines
    }

    /// The nearest place that lies inside the text.
    func inside(_ location: SourceLocation) -> SourceLocation {
        let last = self.lines.count
        if location.line > last {
            return SourceLocation(line: last, column: max(1, self.lines[last - 1].count))
        }
        let line = max(1, location.line)
        let width = max(1, self.lines[line - 1].count)
        return SourceLocation(line: line, column: min(max(1, location.column), width))
    }

    /// The character at a place, if there is one.
    func scalar(at location: SourceLocation) -> Unicode.Scalar? {
        guard self.lines.indices.contains(location.line - 1) else { return nil }
        let line = self.lines[location.line - 1]
        return line.indices.contains(location.column - 1) ? line[location.column - 1] : nil
    }

    /// True when exactly these characters stand at a place.
    func has(_ text: some Sequence<Unicode.Scalar>, at location: SourceLocation) -> Bool {
        guard self.lines.indices.contains(location.line - 1), location.column >= 1 else {
            return false
        }
        return self.lines[location.line - 1].dropFirst(location.column - 1).starts(with: text)
    }

    /// The source line with a caret below the place; long lines are cut around it.
    func snippet(at location: SourceLocation) -> String {
        let place = self.inside(location)
        var line = self.lines[place.line - 1][...]
        var column = place.column - 1
        if line.count > SourceText.widest {
            let start = max(0, min(column - SourceText.widest / 2, line.count - SourceText.widest))
            line = line[start..<(start + SourceText.widest)]
            column -= start
        }
        let shown = line.map { $0.value < 0x20 && $0 != "\t" ? Unicode.Scalar(0xFFFD) ?? " " : $0 }
        let number = String(place.line)
        let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
        var text = "\(gutter) | "
        text.unicodeScalars.append(contentsOf: shown)
        // A tab stays a tab, so that the caret stands below its character in every terminal.
        let pad = shown.prefix(column).map { $0 == "\t" ? "\t" : " " }.joined()
        return "\(text)\n      | \(pad)^"
    }

    private static let widest = 160

    /// The first character that YAML does not allow, and why.
    static func forbiddenScalar(in text: String) -> (location: SourceLocation, message: String)? {
        var (line, column) = (1, 1)
        var afterReturn = false
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if let message = SourceText.objection(to: scalar, first: index == 0) {
                return (SourceLocation(line: line, column: column), message)
            }
            switch scalar {
            case "\n" where afterReturn: break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": (line, column) = (line + 1, 1)
            case "\u{FEFF}": break
            default: column += 1
            }
            afterReturn = scalar == "\r"
        }
        return nil
    }

    private static func objection(to scalar: Unicode.Scalar, first: Bool) -> String? {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFC,
            0x10000...0x10FFFF:
            return nil
        case 0xFEFF:
            return first ? nil : "a byte order mark may stand only at the very start"
        case 0xFFFD:
            return "these bytes are no UTF-8 text; save the file as UTF-8"
        default:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return "the control character U+\(padded) is not allowed in a scenario"
        }
    }
}
