/// Text cut to a terminal's columns, with nothing in it that moves a cursor.
enum LiveText {
    /// The text in at most that many columns; control characters become spaces, and whatever
    /// is not ASCII a question mark where the terminal cannot show it.
    static func fitted(_ text: String, width: Int, usesUnicode: Bool) -> String {
        var output = ""
        var columns = 0
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            let shown: Unicode.Scalar =
                isControl ? " " : (usesUnicode || scalar.isASCII ? scalar : "?")
            let cells = Self.columns(of: shown)
            if columns + cells > width { break }
            output.unicodeScalars.append(shown)
            columns += cells
        }
        return output
    }

    /// The columns a scalar takes: 0 for marks and joiners, 2 for wide East Asian and emoji.
    static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}

extension LiveText {
    /// As many of the parts, which two blanks part, as fit into that many columns.
    static func whole(_ text: String, width: Int) -> String {
        var text = text[...]
        while Self.columns(of: String(text)) > width, let end = Self.lastGap(in: text) {
            text = text[..<end]
        }
        return String(text)
    }

    private static func lastGap(in text: Substring) -> Substring.Index? {
        var index = text.endIndex
        while index > text.startIndex {
            let before = text.index(before: index)
            if text[before] == " ", before > text.startIndex,
                text[text.index(before: before)] == " "
            {
                return text.index(before: before)
            }
            index = before
        }
        return nil
    }

    /// The columns of a text.
    static func columns(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + Self.columns(of: $1) }
    }

    /// The text with blanks behind it, up to a column.
    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - Self.columns(of: text)))
    }

    /// The text with blanks before it; one at least.
    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - Self.columns(of: text))) + text
    }
}
