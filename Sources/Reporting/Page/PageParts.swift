/// The building blocks of the page: tables, figures, sections.
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

    /// A picture under its heading and caption, with what belongs to it below.
    ///
    /// Where it is wider than the screen it scrolls by itself, by keys as well.
    static func figure(
        _ id: String, title: String?, caption: String?, _ svg: String, _ below: String = ""
    ) -> String {
        let heading = title.map { "<h3>\(ReportText.escape($0))</h3>" } ?? ""
        let words = heading + (caption.map { ReportText.escape($0) } ?? "")
        return """
            <figure id="\(id)">
            \(words.isEmpty ? "" : "<figcaption>\(words)</figcaption>\n")\
            <div class="chart" role="group" tabindex="0" \
            aria-label="\(ReportText.escape(title ?? "Timeline"))">\(svg)</div>
            \(below)</figure>

            """
    }

    /// Something folded away.
    static func details(_ summary: String, _ body: String) -> String {
        "<details><summary>\(ReportText.escape(summary))</summary>\n\(body)</details>\n"
    }

    /// A table that scrolls by itself where it does not fit.
    ///
    /// - Parameter ids: for each row what links to it use, where anything does.
    static func table(
        _ caption: String, _ header: [Cell], _ rows: [[Cell]], ids: [String?] = []
    ) -> String {
        var output = """
            <div class="scroll" role="group" tabindex="0" \
            aria-label="\(ReportText.escape(caption))"><table>
            <caption>\(ReportText.escape(caption))</caption>
            <thead><tr>
            """
        for cell in header {
            output += "<th scope=\"col\"\(cell.isNumber ? " class=\"n\"" : "")>\(cell.html)</th>"
        }
        output += "</tr></thead>\n<tbody>\n"
        for (number, row) in rows.enumerated() {
            let id = number < ids.count ? ids[number] : nil
            output += id.map { "<tr id=\"\($0)\">" } ?? "<tr>"
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
