/// Writes the blocks of a document as HTML.
struct DocumentHTML {
    /// Ids that references may lead to.
    let evidence: Set<String>

    /// A section with its heading.
    func section(_ section: DocumentSection) -> String {
        let body = section.blocks.map { self.block($0, in: section) }.joined()
        return section.title.isEmpty ? body : PageParts.section(section.id, section.title, body)
    }

    private func block(_ block: DocumentBlock, in section: DocumentSection) -> String {
        switch block {
        case .verdict(let box): self.verdict(box, section.id)
        case .paragraph(let phrase): "<p>\(self.phrase(phrase))</p>\n"
        case .note(let phrase): "<p class=\"soft\">\(self.phrase(phrase))</p>\n"
        case .list(let title, let items): self.list(title, items)
        case .facts(let facts): "<dl class=\"facts\">\n\(self.facts(facts))</dl>\n"
        case .tiles(let facts): "<dl class=\"tiles\">\n\(self.facts(facts))</dl>\n"
        case .terms(let facts): self.terms(facts)
        case .columns(let blocks):
            "<div class=\"two\">\n"
                + blocks.map { "<div>\(self.block($0, in: section))</div>\n" }.joined()
                + "</div>\n"
        case .table(let table): self.table(table)
        case .code(let text): "<pre><code>\(ReportText.escape(text))</code></pre>\n"
        case .listing(let title, let text):
            "<details class=\"keep\"><summary>\(ReportText.escape(title))</summary>\n<pre><code>"
                + "\(ReportText.escape(text, keepsLines: true))</code></pre></details>\n"
        case .drawing(let drawing): drawing.html()
        }
    }

    /// A phrase; references to evidence that is not in the ledger stay words.
    func phrase(_ phrase: Phrase) -> String {
        phrase.parts.map { part in
            switch part {
            case .text(let text): ReportText.escape(text)
            case .code(let text): "<code>\(ReportText.escape(text))</code>"
            case .badge(let text, let tone): PageParts.badge(text, tone.rawValue)
            case .detail(let text): "<br/><small>\(ReportText.escape(text))</small>"
            case .references(let ids): ids.map { self.reference($0) }.joined(separator: ", ")
            }
        }.joined()
    }

    private func reference(_ id: String) -> String {
        guard self.evidence.contains(id), let anchor = Self.anchor(id) else {
            return ReportText.escape(id)
        }
        return "<a href=\"#\(anchor)\">\(anchor)</a>"
    }

    /// An id as the name of a place on the page; nil for one that could be anything.
    static func anchor(_ id: String) -> String? {
        let isPlain = id.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
        }
        return isPlain && id.hasPrefix("E") ? id : nil
    }

    private func verdict(_ box: VerdictBox, _ id: String) -> String {
        // Seen only where styles are blocked: there words and figures would run together.
        let badges = box.badges.map { PageParts.badge($0.text, $0.tone.rawValue) }
            .joined(separator: "<span class=\"sep\"> · </span>")
        let sentences = box.sentences.map { self.phrase($0) }.joined(separator: " ")
        return """
            <section class="verdict \(box.tone.rawValue)" id="\(id)" aria-label="Verdict">
            <div>\(badges)</div>
            <p class="sentence">\(sentences)</p>
            <dl class="facts">
            \(self.facts(box.facts))</dl>
            </section>

            """
    }

    private func facts(_ facts: [ReportWords.Fact]) -> String {
        facts.map { fact in
            let note =
                fact.note.map {
                    "<br class=\"sep\"/><small>\(ReportText.escape($0))</small>"
                } ?? ""
            return "<div><dt>\(ReportText.escape(fact.name))</dt>"
                + "<dd>\(ReportText.escape(fact.value))\(note)</dd></div>\n"
        }.joined()
    }

    private func list(_ title: String, _ items: [Phrase]) -> String {
        let body =
            items.isEmpty
            ? "<p>Nothing.</p>\n"
            : "<ul>\n" + items.map { "<li>\(self.phrase($0))</li>\n" }.joined() + "</ul>\n"
        return "<h3>\(ReportText.escape(title))</h3>\n" + body
    }

    private func terms(_ facts: [ReportWords.Fact]) -> String {
        let words = facts.map { fact in
            "<dt>\(ReportText.escape(fact.name))</dt><dd>\(ReportText.escape(fact.value))</dd>\n"
        }.joined()
        return "<dl class=\"words\">\n\(words)</dl>\n"
    }

    /// A table with its caption; nothing without rows.
    func table(_ table: DocumentTable) -> String {
        guard !table.rows.isEmpty else { return "" }
        let header = table.columns.map {
            PageParts.Cell(html: ReportText.escape($0.name), isNumber: $0.isNumber)
        }
        let rows = table.rows.map { row in
            zip(row, table.columns).map {
                PageParts.Cell(html: self.phrase($0), isNumber: $1.isNumber)
            }
        }
        // Two rows of one name would make the page's ids ambiguous.
        var seen: Set<String> = []
        let ids = table.ids.map { id in
            Self.anchor(id).flatMap { seen.insert($0).inserted ? $0 : nil }
        }
        return PageParts.table(table.caption, header, rows, ids: ids)
    }
}
