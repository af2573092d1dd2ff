/// The building blocks of the page: tables, lists, sections.
enum PageParts {
    /// A cell: its text, and whether it lines up as a number.
    struct Cell {
        var html: String
        var isNumber: Bool

        /// A text, escaped.
        static func text(_ text: String) -> Cell {
            Cell(html: ReportText.escape(text), isNumber: false)
        }
        /// A figure, escaped and set to the right.
        static func figure(_ text: String) -> Cell {
            Cell(html: ReportText.escape(text), isNumber: true)
        }
        /// Markup, used as it is.
        static func markup(_ html: String) -> Cell {
            Cell(html: html, isNumber: false)
        }
    }

    /// A section with a heading; empty contents give no section.
    static func section(_ id: String, _ title: String, _ body: String) -> String {
        guard !body.isEmpty else { return "" }
        return """
            <section id="\(id)" aria-labelledby="\(id)-h">
            <h2 id="\(id)-h">\(ReportText.escape(title))</h2>
            \(body)</section>

            """
    }

    /// A paragraph.
    static func paragraph(_ text: String, _ kind: String = "") -> String {
        let attribute = kind.isEmpty ? "" : " class=\"\(kind)\""
        return "<p\(attribute)>\(ReportText.escape(text))</p>\n"
    }

    /// A table that scrolls by itself where it does not fit.
    static func table(_ caption: String, _ header: [Cell], _ rows: [[Cell]]) -> String {
        var output = """
            <div class="scroll" role="region" tabindex="0" \
            aria-label="\(ReportText.escape(caption))"><table>
            <caption>\(ReportText.escape(caption))</caption>
            <thead><tr>
            """
        for cell in header {
            output += "<th scope=\"col\"\(cell.isNumber ? " class=\"n\"" : "")>\(cell.html)</th>"
        }
        output += "</tr></thead>\n<tbody>\n"
        for row in rows {
            output += "<tr>"
            for (index, cell) in row.enumerated() {
                let kind = cell.isNumber ? " class=\"n\"" : ""
                output +=
                    index == 0
                    ? "<th scope=\"row\"\(kind)>\(cell.html)</th>" : "<td\(kind)>\(cell.html)</td>"
            }
            output += "</tr>\n"
        }
        return output + "</tbody></table></div>\n"
    }

    /// A list of sentences.
    static func list(_ items: [String]) -> String {
        "<ul>\n" + items.map { "<li>\(ReportText.escape($0))</li>\n" }.joined() + "</ul>\n"
    }

    /// A small coloured word; the word carries the meaning, the colour helps.
    static func badge(_ text: String, _ kind: String) -> String {
        "<span class=\"badge \(kind)\">\(ReportText.escape(text))</span>"
    }
}
