import Primitives

/// What was asked of the run, what was planned and what was seen.
struct RunSections {
    private let report: Report
    private let baseline: Report?

    init(_ report: Report, baseline: Report?) {
        self.report = report
        self.baseline = baseline
    }

    var thresholds: DocumentSection {
        DocumentSection(
            id: "thresholds", title: "Thresholds",
            blocks: [
                self.report.thresholds.isEmpty
                    ? .note(Phrase("The scenario sets none.")) : .table(self.rules)
            ])
    }

    private var rules: DocumentTable {
        DocumentTable(
            "Rules of the scenario",
            [
                .text("metric"), .text("rule"), .figure("value"), .text("state"),
                .figure("first broken"), .figure("for"),
            ],
            self.report.thresholds.map { threshold in
                let tone: Phrase.Tone = threshold.ok.map { $0 ? .ok : .bad } ?? .warn
                var rule = Phrase.code(threshold.conditions)
                if let name = threshold.name { rule.parts.append(.detail(name)) }
                return [
                    .code(threshold.selector), rule, Phrase(ReportText.number(threshold.value)),
                    .badge(ReportWords.state(threshold), tone),
                    Phrase(threshold.firstBroken.map { ReportText.clock($0) } ?? "–"),
                    Phrase(threshold.duration.map { ReportText.seconds($0) } ?? "–"),
                ]
            })
    }

    // MARK: - The plan beside what happened

    var timeline: DocumentSection {
        guard !self.report.phases.isEmpty || !self.report.timeline.isEmpty else {
            return DocumentSection(
                id: "timeline", title: "Timeline",
                blocks: [.note(Phrase("No phases and no events were recorded."))])
        }
        let context = ChartContext(self.report)
        let strip = DocumentDrawing(
            html: { TimelineStrip(context).html }, markdown: { _ in "" })
        var blocks: [DocumentBlock] = [.drawing(strip)]
        if !self.report.timeline.isEmpty { blocks.append(.table(self.events)) }
        return DocumentSection(id: "timeline", title: "Timeline", blocks: blocks)
    }

    private var events: DocumentTable {
        let isScaled = self.report.run.timeScale != 1
        var columns: [DocumentTable.Column] = [.figure("no."), .figure("wall")]
        if isScaled { columns.append(.figure("story")) }
        return DocumentTable(
            "Plan and observation", columns + [.text("kind"), .text("planned"), .text("observed")],
            self.report.timeline.enumerated().map { index, entry in
                var cells = [Phrase(String(index + 1)), Phrase(ReportText.clock(entry.t))]
                if isScaled { cells.append(Phrase(ReportText.story(entry.story))) }
                return cells + [Phrase(entry.kind)] + self.columns(entry)
            })
    }

    /// What was planned, and what was seen of it.
    private func columns(_ entry: Report.TimelineEntry) -> [Phrase] {
        let label = Phrase(entry.label)
        let isFound = entry.source == "found" || !self.grounds(entry).isEmpty
        let isSeen = entry.kind == "operator" || entry.kind == "stop" || entry.source == "observed"
        if isFound { return [Phrase("–"), label.resting(on: self.grounds(entry))] }
        return isSeen ? [Phrase("–"), label] : [label, Phrase("–")]
    }

    private func grounds(_ entry: Report.TimelineEntry) -> [String] {
        switch entry.label {
        case "Onset": self.report.onset?.firstSignals ?? []
        case "Goodput back at its baseline":
            self.report.evidence.filter { $0.test == "recovery" }.map(\.id)
        default: []
        }
    }

    // MARK: - The charts

    var charts: DocumentSection {
        let (report, baseline) = (self.report, self.baseline)
        var blocks: [DocumentBlock] = []
        if report.series.isEmpty {
            blocks.append(.note(Phrase("No second of the run was recorded.")))
        } else {
            blocks.append(
                .drawing(
                    DocumentDrawing(
                        html: {
                            let figures = ReportCharts(report, baseline: baseline).figures
                            return ChartReading(report).html + figures.map(\.html).joined()
                        }, markdown: { _ in RunSections.sparklines(report) })))
        }
        if !report.series.contains(where: { $0.review != nil }) {
            blocks.append(.note(Phrase("The human queue was not sampled in this run.")))
        }
        return DocumentSection(id: "charts", title: "The run over time", blocks: blocks)
    }

    private static func sparklines(_ report: Report) -> String {
        let rows = report.series
        let top = Double(max(1, rows.map { max($0.offered, $0.done) }.max() ?? 1))
        func line(_ name: String, _ values: [Double?], _ top: Double) -> String {
            let padded = name + String(repeating: " ", count: max(0, 10 - name.count))
            return padded + Sparkline.text(values, columns: 60, top: top) + "\n"
        }
        var output = "```\n"
        output += line("offered", rows.map { Double($0.offered) }, top)
        output += line("done", rows.map { Double($0.done) }, top)
        output += line("good", rows.map { Double($0.good) }, top)
        let inFlight = rows.map { Double($0.inFlight) }
        output += line("in flight", inFlight, inFlight.max() ?? 1)
        output += "```\n\nOffered, done and good share one scale, its top "
        output += "\(ReportText.rate(top / report.rowSeconds)); a dot is no value. "
        output += "Charts are in report.html.\n\n"
        return output
    }
}
