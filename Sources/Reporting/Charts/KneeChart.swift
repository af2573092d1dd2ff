/// Load against latency: where it bends, and whether the way back is the way up.
///
/// A point for each window of time, joined in the order of time: a loop that does not close says
/// that the server stays slow after the load has gone.
struct KneeChart {
    static let title = "Load against latency"
    /// The most points.
    static let pointLimit = 150
    /// One window.
    private struct Window {
        var t: Double
        var phase: Int
        var good: Double
        var p99: Double?
    }
    private let report: Report
    private let context: ChartContext
    private let windows: [Window]
    private let step: Int

    /// Nil with fewer than three windows in which anything ended.
    init?(_ report: Report) {
        self.report = report
        self.context = ChartContext(report)
        let rows = report.series
        let step = max(1, (rows.count + Self.pointLimit - 1) / Self.pointLimit)
        self.step = step
        let width = report.rowSeconds
        self.windows = stride(from: 0, to: rows.count, by: step).compactMap { first in
            let window = rows[first..<min(first + step, rows.count)]
            guard window.contains(where: { $0.done > 0 }) else { return nil }
            let good = Double(window.reduce(0) { $0 + $1.good }) / Double(window.count) / width
            let ended = window.filter { $0.done > 0 }
            let known = ended.compactMap(\.p99)
            let middle = rows[first].t + Double(window.count) * width / 2
            return Window(
                t: rows[first].t, phase: KneeChart.phase(report.phases, middle), good: good,
                p99: known.count == ended.count ? known.max() : nil)
        }
        guard self.windows.count >= 3 else { return nil }
    }

    private static func phase(_ phases: [Report.Phase], _ t: Double) -> Int {
        phases.firstIndex { $0.t.count == 2 && t < $0.t[1] } ?? max(0, phases.count - 1)
    }

    /// The chart with its table.
    var figure: ReportFigure { self.chart.figure }

    var chart: XYChart {
        let rates = self.windows.map(\.good) + (self.report.knee?.ci ?? [])
        let points = { (windows: [Window]) in
            windows.map { XYChart.Point(x: $0.good, y: $0.p99) }
        }
        let course = XYChart.Series(
            id: "course", label: nil, points: points(self.windows), color: Palette.gray,
            width: 1.1)
        let phases = self.phaseNumbers.map { phase in
            XYChart.Series(
                id: "phase:\(phase + 1)", label: "\(phase + 1) \(self.name(phase))",
                points: points(self.windows.filter { $0.phase == phase }),
                color: PhaseColor.series(phase), mark: .dots, number: phase + 1)
        }
        return XYChart(
            id: "knee", title: Self.title, caption: self.caption,
            x: XYChart.Axis(
                title: "answered well per second", scale: .linear(upTo: rates.max() ?? 1),
                format: { ReportText.number($0) }),
            y: XYChart.Axis(
                title: "p99 of response times, logarithmic",
                scale: .decades(self.windows.compactMap(\.p99)),
                format: { ReportText.milliseconds($0) }),
            series: [course] + phases, mark: self.mark, table: self.table)
    }

    private var phaseNumbers: [Int] { Set(self.windows.map(\.phase)).sorted() }

    private func name(_ phase: Int) -> String {
        self.report.phases.indices.contains(phase) ? self.report.phases[phase].name : "run"
    }

    private var caption: String {
        let knee =
            self.mark == nil
            ? "No knee was reached or none could be told."
            : "The line is the capacity with its interval."
        return "Each dot is \(self.span) of the run, joined in the order of time and coloured by "
            + "phase (numbers: where a phase begins). Beyond the knee more load gives more "
            + "waiting, not more answers; a way back other than the way up is a server that "
            + "stays slow. Triangles at the upper edge: no p99, since more than one in a hundred "
            + "had no good answer. \(knee)"
    }

    private var span: String {
        ReportText.seconds(Double(self.step) * self.report.rowSeconds)
    }

    private var mark: XYChart.Mark? {
        guard let knee = self.report.knee, let capacity = knee.capacity else { return nil }
        let interval = ReportText.interval(knee.ci) { ReportText.number($0) }
        return XYChart.Mark(
            x: capacity, interval: knee.ci,
            label: "knee \(ReportText.rate(capacity))\(interval)")
    }

    private var places: [FigureTable.Column] {
        self.context.timeScale == 1 ? [.place("from")] : [.place("from"), .place("story")]
    }

    /// A line for each dot.
    private var table: FigureTable {
        FigureTable(
            caption: "\(Self.title). A line stands for \(self.span). A dash: no p99, since more "
                + "than one in a hundred had no good answer.",
            // Not named as on charts over time: its axis is none of time.
            columns: self.places + [
                .place("phase"), .series("good", ChartUnit.perSecond.heading("answered well")),
                .series("p99", ChartUnit.milliseconds.heading("p99")),
            ],
            rows: self.windows.map { window in
                ChartTable.places(window.t, self.context) + [
                    "\(window.phase + 1) \(self.name(window.phase))",
                    ChartUnit.perSecond.cell(window.good),
                    ChartUnit.milliseconds.cell(window.p99),
                ]
            })
    }
}
