/// The charts of a report, in the order of the page.
struct ReportCharts {
    let report: Report
    private let baseline: Report?

    /// The charts of a report, with another run's percentiles beside its own where one is given.
    init(_ report: Report, baseline: Report? = nil) {
        self.report = report
        self.baseline = baseline
    }

    /// Every chart the report has figures for, drawn, with its tables.
    var figures: [ReportFigure] {
        guard !self.report.series.isEmpty else { return [] }
        let context = ChartContext(self.report)
        func drawn(_ chart: Chart?) -> ReportFigure? {
            chart.map { ReportFigure($0, context) }
        }
        let figures: [ReportFigure?] = [
            drawn(self.throughput), drawn(self.responseTimes),
            HeatmapDrawing(self.report)?.figure, drawn(self.outcomes),
            KneeChart(self.report)?.figure, drawn(self.inFlight),
            PercentileChart(self.report, baseline: self.baseline)?.figure, drawn(self.classes),
            BreakdownChart(self.report).map {
                ReportFigure($0.chart, $0.context(self.report))
            }, drawn(self.review), drawn(self.generator),
        ]
        return figures.compactMap { $0 }
    }

    var rows: [Report.SeriesRow] { self.report.series }

    func perSecond(_ count: (Report.SeriesRow) -> Int) -> [Double?] {
        let width = self.report.rowSeconds
        return self.rows.map { Double(count($0)) / width }
    }

    var throughput: Chart {
        Chart(
            id: "throughput", title: "Offered, done and good",
            caption: """
                What the scenario asked for (dashed), what ended one way or another (solid) and \
                what was answered well (filled), per second. The gap below the dashed line is work \
                the server did not do; the gap above the filled area is work that helped nobody.
                """,
            panels: [
                ChartPanel(
                    title: "per second",
                    series: [
                        ChartSeries(
                            id: "good", label: "good", values: self.perSecond(\.good),
                            color: Palette.green, mark: .area, width: 2.2),
                        ChartSeries(
                            id: "done", label: "done", values: self.perSecond(\.done),
                            color: Palette.blue, width: 1.8),
                        ChartSeries(
                            id: "offered", label: "offered", values: self.perSecond(\.offered),
                            color: Palette.ink, dash: "6 4", width: 1.6),
                    ], unit: .perSecond)
            ])
    }

    var outcomes: Chart? {
        let names = OutcomeOrder.sorted(self.report.outcomes)
        guard !names.isEmpty else { return nil }
        let kept = names.count > OutcomeOrder.limit ? OutcomeOrder.limit - 1 : names.count
        let rest = names.dropFirst(kept)
        var series = names.prefix(kept).enumerated().map { index, name in
            ChartSeries(
                id: "outcome:\(name)", label: ReportText.spaced(name),
                values: self.perSecond { $0.outcomes[name] ?? 0 },
                color: OutcomeOrder.color(name, index), mark: .stacked)
        }
        if !rest.isEmpty {
            series.append(
                ChartSeries(
                    id: "outcome:*", label: "\(rest.count) others",
                    values: self.perSecond { row in
                        rest.reduce(0) { $0 + (row.outcomes[$1] ?? 0) }
                    }, color: Palette.gray, mark: .stacked))
        }
        return Chart(
            id: "outcomes", title: "How attempts ended",
            caption: """
                Attempts that ended, per second, stacked by outcome: a status of the server's, or \
                the reason why no whole response arrived. Deadlines are the clients' own.
                """,
            panels: [
                ChartPanel(
                    title: "attempts per second", series: series, unit: .perSecond)
            ] + self.dropped)
    }

    /// What was never sent: only where anything was dropped.
    private var dropped: [ChartPanel] {
        guard self.rows.contains(where: { $0.dropped > 0 }) else { return [] }
        return [
            ChartPanel(
                title: "intents never started, per second: the generator's own doing",
                series: [
                    ChartSeries(
                        id: "dropped", label: "dropped", values: self.perSecond(\.dropped),
                        color: Palette.vermilion, mark: .area)
                ], height: 60, unit: .perSecond)
        ]
    }
}
