/// The figures behind a chart over time, for those who cannot see it or want to check it.
///
/// A line for each drawn column: what is drawn is in the table and the other way round.
struct ChartTable {
    private let chart: Chart
    private let context: ChartContext

    init(_ chart: Chart, _ context: ChartContext) {
        self.chart = chart
        self.context = context
    }

    /// The table, folded away.
    var html: String {
        ReportFigure(
            id: self.chart.id, title: self.chart.title, caption: self.chart.caption, svg: "",
            tables: [self.table]
        ).details
    }

    /// The table.
    var table: FigureTable {
        let step = self.context.decimation
        let series = self.chart.panels.flatMap { panel in
            panel.series.map { series in
                (
                    column: FigureTable.Column.series(
                        series.id, panel.unit.heading(self.name(series, panel))),
                    cells: series.columns(by: step).map { panel.unit.cell($0) }
                )
            }
        }
        let columns = ChartTable.places(self.context) + series.map { $0.column }
        let rows = stride(from: 0, to: self.context.times.count, by: step).enumerated().map {
            column, row in
            ChartTable.places(self.context.times[row], self.context)
                + series.map { $0.cells[column] }
        }
        return FigureTable(caption: self.caption, columns: columns, rows: rows)
    }

    /// The columns that say when.
    static func places(_ context: ChartContext) -> [FigureTable.Column] {
        context.timeScale == 1 ? [.place("wall")] : [.place("wall"), .place("story")]
    }

    /// The cells that say when.
    static func places(_ t: Double, _ context: ChartContext) -> [String] {
        context.timeScale == 1
            ? [ReportText.clock(t)]
            : [ReportText.clock(t), ReportText.story(t * context.timeScale)]
    }

    private var caption: String {
        let step = self.context.decimation
        let span = ReportText.seconds(Double(step) * self.context.rowSeconds)
        let merging =
            step == 1
            ? "" : " (\(step) rows of report.json: rates are means, times and levels the largest)"
        return "\(self.chart.title). A line stands for \(span)\(merging). A dash: not known."
    }

    private func name(_ series: ChartSeries, _ panel: ChartPanel) -> String {
        panel.name.isEmpty ? series.label : "\(panel.name) \(series.label)"
    }
}
