/// Two runs over one axis of time, for a comparison: the base dashed and grey, the new one solid.
///
/// Times are seconds since each run's own start; the longer run gives the length.
struct OverlayCharts {
    private let base: Report
    private let new: Report

    init(base: Report, new: Report) {
        self.base = base
        self.new = new
    }

    /// Good answers a second, response times and percentiles, both runs in each; none without rows.
    var figures: [ReportFigure] {
        guard !self.base.series.isEmpty, !self.new.series.isEmpty else { return [] }
        let percentiles = PercentileChart(
            self.new, baseline: self.base, id: "overlay-percentiles")?.figure
        return [
            ReportFigure(self.throughput, self.context), ReportFigure(self.times, self.context),
        ] + [percentiles].compactMap { $0 }
    }

    /// The new run's axis, long enough for both; rows as wide as the wider ones.
    private var context: ChartContext {
        var context = ChartContext(self.new)
        let other = ChartContext(self.base)
        context.rowSeconds = self.rowSeconds
        context.span = max(context.span, other.span)
        context.times = self.rowTimes(until: self.end)
        return context
    }

    private var rowSeconds: Double { max(self.base.rowSeconds, self.new.rowSeconds) }

    private var end: Double {
        [self.base, self.new].map { ($0.series.last?.t ?? 0) + $0.rowSeconds }.max() ?? 0
    }

    private func rowTimes(until end: Double) -> [Double] {
        Array(stride(from: 0, to: end, by: self.rowSeconds))
    }

    /// By row of the common axis: the run's own rows that begin in it, merged.
    private func values(
        _ report: Report, _ merge: ([Report.SeriesRow]) -> Double?
    ) -> [Double?] {
        let times = self.rowTimes(until: self.end)
        var groups = [[Report.SeriesRow]](repeating: [], count: times.count)
        for row in report.series {
            let place = Int(row.t / self.rowSeconds)
            if groups.indices.contains(place) { groups[place].append(row) }
        }
        return groups.map { $0.isEmpty ? nil : merge($0) }
    }

    private func pair(
        _ id: String, _ label: String, _ color: String, isWorst: Bool,
        _ merge: @escaping (Report, [Report.SeriesRow]) -> Double?
    ) -> [ChartSeries] {
        [
            ChartSeries(
                id: "base:\(id)", label: "base \(label)",
                values: self.values(self.base) { merge(self.base, $0) }, color: Palette.gray,
                dash: "6 4", width: 1.8, mergesByMaximum: isWorst),
            ChartSeries(
                id: "new:\(id)", label: "new \(label)",
                values: self.values(self.new) { merge(self.new, $0) }, color: color,
                mergesByMaximum: isWorst),
        ]
    }

    private static func perSecond(
        _ count: @escaping (Report.SeriesRow) -> Int
    ) -> (Report, [Report.SeriesRow]) -> Double? {
        { report, rows in
            Double(rows.reduce(0) { $0 + count($1) }) / Double(rows.count) / report.rowSeconds
        }
    }

    private static func worst(
        _ value: @escaping (Report.SeriesRow) -> Double?
    ) -> (Report, [Report.SeriesRow]) -> Double? {
        { _, rows in
            let known = rows.compactMap(value)
            return known.count == rows.count ? known.max() : nil
        }
    }

    private var throughput: Chart {
        Chart(
            id: "overlay-throughput", title: "Answered well, both runs",
            caption: "Good answers a second since each run's own start: the base dashed, the new "
                + "run solid; below, what each was offered.",
            panels: [
                ChartPanel(
                    title: "answered well per second",
                    series: self.pair(
                        "good", "good", Palette.green, isWorst: false, Self.perSecond(\.good)),
                    height: 170, unit: .perSecond),
                ChartPanel(
                    title: "offered per second",
                    series: self.pair(
                        "offered", "offered", Palette.blue, isWorst: false,
                        Self.perSecond(\.offered)), height: 90, unit: .perSecond),
            ])
    }

    private var times: Chart {
        Chart(
            id: "overlay-response", title: "Response times, both runs",
            caption: "Median and 99th percentile over all attempts that ended; a gap: the rank "
                + "falls among those without a good answer. Each line of the grid is ten times "
                + "the one below.",
            panels: [
                ChartPanel(
                    title: "p99, logarithmic",
                    series: self.pair(
                        "p99", "p99", Palette.vermilion, isWorst: true, Self.worst(\.p99)),
                    height: 170, logarithmic: true, unit: .milliseconds),
                ChartPanel(
                    title: "p50, logarithmic",
                    series: self.pair(
                        "p50", "p50", Palette.blue, isWorst: true, Self.worst(\.p50)),
                    height: 120, logarithmic: true, unit: .milliseconds),
            ])
    }
}
