import Primitives

extension Report {
    /// The report as GitHub-flavoured Markdown: the same words and numbers as the page.
    package var markdown: String { ReportMarkdown(self).text }
}

/// Writes the report as Markdown, with sparklines in the charts' place.
struct ReportMarkdown {
    private let report: Report
    private let words: ReportWords

    init(_ report: Report) {
        self.report = report
        self.words = ReportWords(report)
    }

    var text: String {
        var output = "# \(self.plain(self.report.run.scenario))\n\n"
        output += "**\(self.words.grade)** · \(self.words.validity)\n\n"
        output += "> \(self.plain(self.words.sentence))\n\n"
        output += self.facts(self.words.verdictFacts)
        output += self.list("Answered", self.words.answered)
        output += self.list("Open", self.words.open)
        output += self.thresholds + self.timeline + self.series
        output += ReportMarkdown.people(self.report, self) + self.impact
        output += HealingWords.markdown(self.report, self)
        output += self.reconciliation + self.hypotheses + self.evidence
        output += NextWords(self.report).markdown(self) + self.gates
        output += self.provenance
        return output
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
    private func code(_ text: String) -> String {
        let body = String(ReportText.plain(text).map { $0 == "`" ? "'" : $0 })
        return "`"
            + body.split(separator: "|", omittingEmptySubsequences: false)
            .joined(separator: "\\|") + "`"
    }

    private func facts(_ facts: [ReportWords.Fact]) -> String {
        facts.map { fact in
            let note = fact.note.map { " (\(self.plain($0)))" } ?? ""
            return "- **\(fact.name)**: \(self.plain(fact.value))\(note)\n"
        }.joined() + "\n"
    }

    private func list(_ title: String, _ items: [String]) -> String {
        guard !items.isEmpty else { return "" }
        return "**\(title)**\n\n" + items.map { "- \(self.plain($0))\n" }.joined() + "\n"
    }

    /// A table; cells are Markdown already.
    func table(
        _ title: String, level: Int = 2, _ header: [String], _ rows: [[String]]
    ) -> String {
        guard !rows.isEmpty else { return "" }
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        let marks = String(repeating: "#", count: level)
        return "\(marks) \(title)\n\n" + line(header) + line(header.map { _ in "---" })
            + rows.map(line).joined() + "\n"
    }

    private var thresholds: String {
        self.table(
            "Thresholds", ["metric", "rule", "value", "state"],
            self.report.thresholds.map {
                [
                    self.code($0.selector), self.code($0.conditions),
                    ReportText.number($0.value), ReportWords.state($0),
                ]
            })
    }

    private var timeline: String {
        self.table(
            "Timeline", ["wall", "story", "kind", "what"],
            self.report.timeline.map {
                [
                    ReportText.clock($0.t), ReportText.story($0.story), self.plain($0.kind),
                    self.plain($0.label),
                ]
            })
    }

    private var series: String {
        let rows = self.report.series
        guard !rows.isEmpty else { return "" }
        let top = Double(max(1, rows.map { max($0.offered, $0.done) }.max() ?? 1))
        let columns = 60
        func line(_ name: String, _ values: [Double?], _ top: Double) -> String {
            let padded = name + String(repeating: " ", count: max(0, 10 - name.count))
            return padded + Sparkline.text(values, columns: columns, top: top) + "\n"
        }
        var output = "## The run over time\n\n```\n"
        output += line("offered", rows.map { Double($0.offered) }, top)
        output += line("done", rows.map { Double($0.done) }, top)
        output += line("good", rows.map { Double($0.good) }, top)
        let inFlight = rows.map { Double($0.inFlight) }
        output += line("in flight", inFlight, inFlight.max() ?? 1)
        output += "```\n\nOffered, done and good share one scale, its top "
        output += "\(ReportText.rate(top / self.report.rowSeconds)); a dot is no value. "
        output += "Charts are in report.html.\n\n"
        return output
    }

    private var impact: String {
        let names = ClassOrder.present(in: self.report)
        let classes = self.table(
            "Impact",
            [
                "class", "intents", "accepted", "rejected", "gave up", "failed", "dropped",
                "unfinished", "p50", "p99", "service p99",
            ],
            names.compactMap { name in
                guard let figures = self.report.classes[name] else { return nil }
                let counts = [
                    figures.intents, figures.accepted, figures.rejected, figures.gaveUp,
                    figures.failed, figures.dropped, figures.unfinished,
                ]
                return [self.plain(name)] + counts.map { ReportText.count($0) } + [
                    self.plain(ReportText.median(figures.responseMs)),
                    self.plain(ReportText.tail(figures.responseMs)),
                    self.plain(ReportText.milliseconds(figures.serviceMs.p99)),
                ]
            })
        let loop = self.words.closedLoop.map { self.plain($0) + "\n\n" } ?? ""
        let phases = self.table(
            "Accepted, by phase of arrival",
            ["phase", "wall"] + names.map { self.plain($0) },
            self.report.phases.map { phase in
                let span = phase.t.map { ReportText.clock($0) }.joined(separator: " – ")
                return [self.plain(phase.name), span]
                    + names.map { name in
                        guard let figures = phase.classes[name] else { return "–" }
                        return self.plain(
                            ReportText.share(figures.accepted, of: figures.intents)
                                + " of \(ReportText.count(figures.intents))")
                    }
            })
        return classes + loop + phases
    }

    private var reconciliation: String {
        guard let cells = self.report.loss.reconcile else {
            return "## Belief against store\n\nThe store could not be listed, so what was kept is "
                + "not known.\n\n"
        }
        return self.table(
            "Belief against store", ["", "stored", "not stored"],
            [
                [
                    "told “accepted”", ReportText.count(cells.ackedStored),
                    "\(ReportText.count(cells.ackedMissing)) (lost data)",
                ],
                [
                    "not told so", "\(ReportText.count(cells.unackedStored)) (ghosts)",
                    ReportText.count(cells.unackedMissing),
                ],
            ])
    }

    private var hypotheses: String {
        self.table(
            "Why: ranked explanations",
            ["explanation", "probability", "for", "against", "missing"],
            self.report.hypotheses.map {
                [
                    self.plain(PageTables.named($0.id)),
                    self.plain(ReportText.percent($0.posterior)),
                    self.plain(PageTables.joined($0.supporting)),
                    self.plain(PageTables.joined($0.against)),
                    self.plain(PageTables.joined($0.missing)),
                ]
            })
    }

    private var evidence: String {
        self.table(
            "Evidence", ["id", "test", "outcome", "measured", "n", "window", "weight"],
            self.report.evidence.map {
                [
                    self.plain($0.id), self.plain(ReportText.spaced($0.test)),
                    $0.outcome ?? "–", self.plain(PageTables.pairs($0.statistic)),
                    $0.n.map { ReportText.count($0) } ?? "–",
                    $0.window.map { ReportText.clock($0) }.joined(separator: " – "),
                    self.plain(PageTables.pairs($0.weight)),
                ]
            })
    }

    private var gates: String {
        self.table(
            "Validity", ["gate", "state", "figures"],
            self.report.validity.gates.map {
                [
                    self.plain($0.id), ReportText.spaced($0.state.rawValue),
                    self.plain($0.detail),
                ]
            }) + (self.words.punctuality.map { self.plain($0) + "\n\n" } ?? "")
    }

    private var provenance: String {
        let run = self.report.run
        return "## How to repeat it\n\n" + self.code(run.command) + "\n\n"
            + "Seed \(run.seed), spate \(self.plain(run.version)), "
            + "libcurl \(self.plain(run.libcurl)), scenario SHA-256 "
            + "\(self.code(run.scenarioSHA256)), started \(self.plain(run.started)), ran "
            + "\(ReportText.seconds(run.duration)).\n"
    }
}
