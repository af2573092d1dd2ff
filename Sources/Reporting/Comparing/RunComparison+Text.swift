package import Comparison

extension RunComparison {
    /// The comparison for a terminal or a log: groups, one table, the verdict last.
    package var text: String {
        let words = ComparisonWords(self)
        var lines = words.groups
        if !self.figures.isEmpty {
            lines.append("")
            lines += RunComparison.table([ComparisonWords.header] + words.rows)
        }
        lines += words.remarks.isEmpty ? [] : [""] + words.remarks
        lines += ["", "\(words.word): \(words.sentence)"]
        return lines.map(ReportText.plain).joined(separator: "\n")
    }

    /// The comparison for a pull request.
    package var markdown: String {
        let words = ComparisonWords(self)
        var output = "## \(words.word)\n\n\(Self.cell(words.sentence))\n\n"
        output += words.groups.map { "- \(Self.cell($0))\n" }.joined()
        if !self.figures.isEmpty {
            output += "\n" + Self.line(ComparisonWords.header)
            output += Self.line(["---"] + ComparisonWords.header.dropFirst().map { _ in "---:" })
            output += words.rows.map(Self.line).joined()
        }
        if !words.remarks.isEmpty {
            output += "\n" + words.remarks.map { "- \(Self.cell($0))\n" }.joined()
        }
        return output
    }

    private static func line(_ cells: [String]) -> String {
        "| " + cells.map(self.cell).joined(separator: " | ") + " |\n"
    }

    private static func cell(_ text: String) -> String {
        ReportText.plain(text).replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }

    /// Columns two blanks apart; the first to the left, figures to the right.
    private static func table(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, text in
                let fill = String(repeating: " ", count: widths[column] - text.count)
                let isText = column == 0 || column == row.count - 1
                return isText ? text + (column == 0 ? fill : "") : fill + text
            }.joined(separator: "  ")
        }
    }
}
