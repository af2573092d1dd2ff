/// The figures behind a chart as a table, for those who cannot see it or want to check it.
struct ChartTable {
    /// The most rows a table shows.
    static let rowLimit = 120
    private let chart: Chart
    private let context: ChartContext

    init(_ chart: Chart, _ context: ChartContext) {
        self.chart = chart
        self.context = context
    }

    var html: String {
        let step = max(1, (self.context.times.count + Self.rowLimit - 1) / Self.rowLimit)
        let columns = self.chart.panels.flatMap { panel in
            panel.series.map { (name: self.name($0, panel), series: $0, format: panel.format) }
        }
        let rows = stride(from: 0, to: self.context.times.count, by: step).map { row in
            let time = self.context.times[row]
            var cells = [PageParts.Cell.figure(ReportText.clock(time))]
            if self.context.timeScale != 1 {
                cells.append(.figure(ReportText.story(time * self.context.timeScale)))
            }
            return cells
                + columns.map { column in
                    .figure(column.series.values[row].map(column.format) ?? "–")
                }
        }
        var header = [PageParts.Cell.figure("wall")]
        if self.context.timeScale != 1 { header.append(.figure("story")) }
        header += columns.map { .figure($0.name) }
        let scope =
            step == 1
            ? "Every row." : "Every \(step)th row; all of them are in report.json."
        let caption = "\(self.chart.title). \(scope) A dash: not known."
        return """
            <details><summary>Figures: \(ReportText.escape(self.chart.title))</summary>
            \(PageParts.table(caption, header, rows))</details>

            """
    }

    private func name(_ series: ChartSeries, _ panel: ChartPanel) -> String {
        guard self.chart.panels.count > 1, let first = panel.title.split(separator: ":").first,
            panel.title.contains(":"), first != "generator"
        else { return series.label }
        return "\(first) \(series.label)"
    }
}
