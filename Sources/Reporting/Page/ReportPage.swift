extension Report {
    /// The report as one HTML file that loads nothing and whose charts need no style or script.
    ///
    /// At most about 600 kB for a run of 1,200 rows.
    package var html: String { ReportPage(self).html }
}

/// Puts the page together, from the verdict down to the method.
struct ReportPage {
    private let report: Report
    private let words: ReportWords

    init(_ report: Report) {
        self.report = report
        self.words = ReportWords(report)
    }

    var html: String {
        let title = ReportText.escape(self.report.run.scenario)
        let tables = PageTables(self.report)
        let healing = HealingWords.html(self.report)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="generator" content="spate \(ReportText.escape(self.report.run.version))"/>
            <title>\(title) – Spate</title>
            <style>
            \(PageStyle.css)
            </style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the verdict</a>
            <header class="top">
            <h1>\(title)</h1>
            <p class="soft">\(ReportText.escape(self.subtitle))</p>
            </header>
            <main id="main">
            \(self.verdict)\
            \(PageParts.section("known", "What we can and cannot say", self.known))\
            \(PageParts.section("glance", "At a glance", self.tiles))\
            \(PageParts.section("thresholds", "Thresholds", tables.thresholds))\
            \(PageParts.section("timeline", "Timeline", self.timeline + tables.timeline))\
            \(PageParts.section("charts", "The run over time", self.charts))\
            \(PageParts.section("people", "People", PeopleSection(self.report).html))\
            \(PageParts.section("impact", "Impact", tables.impact))\
            \(PageParts.section("healing", "Does it heal by itself?", healing))\
            \(PageParts.section("reconcile", "Belief against store", tables.reconciliation))\
            \(PageParts.section("why", "Why: ranked explanations", tables.hypotheses))\
            \(PageParts.section("evidence", "Evidence", tables.evidence))\
            \(PageParts.section("next", "What next", tables.next))\
            \(PageParts.section("validity", "Validity", tables.gates))\
            \(PageParts.section("repeat", "How to repeat it", tables.provenance))\
            \(PageParts.section("method", "How to read this", self.method))\
            </main>
            <footer>Spate \(ReportText.escape(self.report.run.version)). \
            Every number on this page is in report.json beside it.</footer>
            </body>
            </html>

            """
    }

    private var subtitle: String {
        let run = self.report.run
        var parts = [
            run.started, "ran \(ReportText.seconds(run.duration))", "seed \(run.seed)",
        ]
        if run.timeScale != 1 {
            parts.insert("story time ×\(ReportText.number(run.timeScale))", at: 2)
        }
        if let stopped = run.stopped {
            if stopped != "finished" { parts.append("stopped: \(stopped)") }
        } else {
            parts.append("its journal was cut off")
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private var verdict: String {
        let tone =
            switch self.report.verdict.grade {
            case .healthy: "ok"
            case .cause, .family: "bad"
            default: "warn"
            }
        let validity =
            switch self.report.validity.state {
            case .valid: "ok"
            case .suspect: "warn"
            case .invalid: "bad"
            }
        let names = [self.report.verdict.family, self.report.verdict.mechanism].compactMap { $0 }
        let overlay = self.report.verdict.overlay
        let claim = (names + overlay).joined(separator: " · ")
        return """
            <section class="verdict \(tone)" id="verdict" aria-label="Verdict">
            <div>\(PageParts.badge(self.words.grade, tone))\
            \(claim.isEmpty ? "" : PageParts.badge(claim, tone))\
            \(PageParts.badge(self.words.validity, validity))</div>
            <p class="sentence">\(ReportText.escape(self.words.sentence))</p>
            <dl class="facts">
            \(self.facts(self.words.verdictFacts))</dl>
            </section>

            """
    }

    private var known: String {
        let answered = self.words.answered
        let open = self.words.open
        return """
            <div class="two">
            <div><h3>Answered</h3>
            \(answered.isEmpty ? PageParts.paragraph("Nothing.") : PageParts.list(answered))</div>
            <div><h3>Open</h3>
            \(open.isEmpty ? PageParts.paragraph("Nothing.") : PageParts.list(open))</div>
            </div>

            """
    }

    private var tiles: String {
        "<dl class=\"tiles\">\n\(self.facts(self.words.tiles))</dl>\n"
    }

    private func facts(_ facts: [ReportWords.Fact]) -> String {
        facts.map { fact in
            let note = fact.note.map { "<small>\(ReportText.escape($0))</small>" } ?? ""
            return "<div><dt>\(ReportText.escape(fact.name))</dt>"
                + "<dd>\(ReportText.escape(fact.value))\(note)</dd></div>\n"
        }.joined()
    }

    private var timeline: String {
        guard !self.report.phases.isEmpty || !self.report.timeline.isEmpty else {
            return PageParts.paragraph("No phases and no events were recorded.", "soft")
        }
        let strip = TimelineStrip(ChartContext(self.report)).svg()
        return "<figure><div class=\"chart\">\(strip)</div></figure>\n"
    }

    private var charts: String {
        let context = ChartContext(self.report)
        let charts = ReportCharts(self.report).all
        guard !charts.isEmpty else {
            return PageParts.paragraph("No second of the run was recorded.", "soft")
        }
        let figures = charts.map { chart in
            """
            <figure id="chart-\(chart.id)">
            <h3>\(ReportText.escape(chart.title))</h3>
            <figcaption>\(ReportText.escape(chart.caption))</figcaption>
            <div class="chart">\(ChartDrawing(chart, context).svg())</div>
            \(ChartTable(chart, context).html)</figure>

            """
        }.joined()
        let queue =
            charts.contains { $0.id == "review" }
            ? "" : PageParts.paragraph("The human queue was not sampled in this run.", "soft")
        return self.reading(context) + figures + queue
    }

    private func reading(_ context: ChartContext) -> String {
        var text =
            "All charts share one time axis. Shaded bands are phases of load; dotted lines "
            + "are what was planned or observed."
        if self.report.run.timeScale != 1 {
            text += " The upper scale is wall time, the lower one story time since the start."
        }
        if context.decimation > 1 {
            text +=
                " Each drawn point stands for \(context.decimation) rows: rates are their mean, "
                + "times and levels their largest."
        }
        return PageParts.paragraph(text, "soft")
    }

    private var method: String {
        let words = ReportWords.method.map { fact in
            "<dt>\(ReportText.escape(fact.name))</dt><dd>\(ReportText.escape(fact.value))</dd>\n"
        }.joined()
        return "<dl class=\"words\">\n\(words)</dl>\n"
            + PageParts.paragraph(
                "Left for people: decisions, communications, lessons. A program can say what "
                    + "happened, not what it should mean.", "soft")
    }
}
