extension Report {
    /// The report as GitHub-flavoured Markdown: the same words and numbers as the page.
    package var markdown: String { self.markdown(baseline: nil) }

    /// The same with an earlier run's figures beside the run at a glance, as in `html(baseline:)`.
    package func markdown(baseline: Report?) -> String {
        DocumentMarkdown().text(of: ReportDocument(self, baseline: baseline))
    }
}

/// Writes the blocks of a document as Markdown.
struct DocumentMarkdown {
    /// The whole document.
    func text(of document: ReportDocument) -> String {
        var output = "# \(self.plain(document.title))\n\n"
        for section in document.sections {
            let body = section.blocks.map { self.block($0) }.joined()
            guard !section.title.isEmpty else {
                output += body + self.plain(document.subtitle) + "\n\n"
                continue
            }
            output += "## \(self.plain(section.title))\n\n" + body
        }
        return output
    }

    private func block(_ block: DocumentBlock) -> String {
        switch block {
        case .verdict(let box): self.verdict(box)
        case .paragraph(let phrase), .note(let phrase): self.phrase(phrase) + "\n\n"
        case .list(let title, let items): self.list(title, items)
        case .facts(let facts), .tiles(let facts), .terms(let facts): self.facts(facts)
        case .columns(let blocks): blocks.map { self.block($0) }.joined()
        case .table(let table): self.table(table)
        case .code(let text): self.code(text) + "\n\n"
        case .listing(_, let text): self.listing(text)
        case .drawing(let drawing): drawing.markdown(self)
        }
    }

    /// A phrase on one line.
    func phrase(_ phrase: Phrase) -> String {
        phrase.parts.map { part in
            switch part {
            case .text(let text), .badge(let text, _): self.plain(text)
            case .code(let text): self.code(text)
            case .detail(let text): " (\(self.plain(text)))"
            case .references(let ids): self.plain(ids.joined(separator: ", "))
            }
        }.joined()
    }

    /// Text that Markdown takes as text.
    func plain(_ text: String) -> String {
        var output = ""
        for character in ReportText.plain(text) {
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "|", "*", "_", "`", "[", "]", "\\", "#", "~": output += "\\\(character)"
            default: output.append(character)
            }
        }
        return output
    }

    /// A code span; backticks inside become apostrophes, bars are escaped for tables.
    func code(_ text: String) -> String {
        let body = String(ReportText.plain(text).map { $0 == "`" ? "'" : $0 })
        return "`"
            + body.split(separator: "|", omittingEmptySubsequences: false)
            .joined(separator: "\\|") + "`"
    }

    /// A table; its caption stands above it.
    func table(_ table: DocumentTable) -> String {
        guard !table.rows.isEmpty else { return "" }
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        return "**\(self.plain(table.caption))**\n\n"
            + line(table.columns.map { self.plain($0.name) })
            + line(table.columns.map { $0.isNumber ? "---:" : "---" })
            + table.rows.map { line($0.map { self.phrase($0) }) }.joined() + "\n"
    }

    private func verdict(_ box: VerdictBox) -> String {
        let badges = box.badges.enumerated().map { index, badge in
            index == 0 ? "**\(self.plain(badge.text))**" : self.plain(badge.text)
        }
        return badges.joined(separator: " · ") + "\n\n> "
            + box.sentences.map { self.phrase($0) }.joined(separator: " ") + "\n\n"
            + self.facts(box.facts)
    }

    private func facts(_ facts: [ReportWords.Fact]) -> String {
        facts.map { fact in
            let note = fact.note.map { " (\(self.plain($0)))" } ?? ""
            return "- **\(self.plain(fact.name))**: \(self.plain(fact.value))\(note)\n"
        }.joined() + "\n"
    }

    private func list(_ title: String, _ items: [Phrase]) -> String {
        let lines = items.isEmpty ? ["Nothing."] : items.map { self.phrase($0) }
        return "**\(self.plain(title))**\n\n" + lines.map { "- \($0)\n" }.joined() + "\n"
    }

    /// A block of code with a fence longer than any in it.
    private func listing(_ text: String) -> String {
        var longest = 2
        var run = 0
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { ReportText.plain(String($0)) }
        let body = lines.joined(separator: "\n")
        return "\(fence)yaml\n\(body)\(body.hasSuffix("\n") ? "" : "\n")\(fence)\n\n"
    }
}
