import Primitives

/// Response times against percentiles far into the tail: one line a phase, after HdrHistogram's
/// plots (Gil Tene).
///
/// The horizontal axis is 1/(1 - p), logarithmic: each decade is one more nine.
struct PercentileChart {
    static let title = "Response times by percentile"
    /// One line.
    struct Line {
        var id: String
        var label: String
        var distribution: Report.Distribution
        var color: String
        var dash: String?
        var width = 2.0
    }
    private let lines: [Line]
    /// A prefix for ids.
    private let id: String

    /// A report's phases, with another run's as thick grey lines; nil without a distribution.
    init?(_ report: Report, baseline: Report? = nil, id: String = "percentiles") {
        var lines = PercentileChart.lines(baseline).map { line in
            var line = line
            line.id = "baseline:\(line.id)"
            line.label = "base: \(line.label)"
            line.color = Palette.gray
            line.width = 3.2
            return line
        }
        lines += PercentileChart.lines(report)
        guard lines.contains(where: { !$0.distribution.points.isEmpty }) else { return nil }
        self.lines = lines
        self.id = id
    }

    private static func lines(_ report: Report?) -> [Line] {
        guard let report else { return [] }
        return report.phases.enumerated().compactMap { index, phase in
            phase.distribution.map {
                Line(
                    id: "phase:\(index + 1)", label: phase.name, distribution: $0,
                    color: PhaseColor.series(index), dash: PhaseColor.dash(index))
            }
        }
    }

    /// The chart with its table.
    var figure: ReportFigure { self.chart.figure }

    var chart: XYChart {
        let points = self.lines.flatMap(\.distribution.points)
        return XYChart(
            id: self.id, title: Self.title,
            caption: "How slow the slowest were, phase by phase: each step to the right is one "
                + "more nine. Over all attempts that ended in the phase, those without a good "
                + "answer slowest: a line that ends early stops where there were only such."
                + self.ends,
            x: XYChart.Axis(
                title: "percentile", scale: .decades([1] + points.map(\.oneIn)),
                format: { PercentileChart.percentile($0) }),
            y: XYChart.Axis(
                title: "response time, logarithmic", scale: .decades(points.map(\.ms)),
                format: { ReportText.milliseconds($0) }),
            series: self.lines.map { line in
                XYChart.Series(
                    id: line.id, label: line.label,
                    points: line.distribution.points.map { .init(x: $0.oneIn, y: $0.ms) },
                    color: line.color, dash: line.dash, width: line.width)
            }, table: self.table)
    }

    private var ends: String {
        let cut = self.lines.filter { $0.distribution.good < $0.distribution.total }.map { line in
            "\(line.label) "
                + ReportText.share(line.distribution.good, of: line.distribution.total)
        }
        return cut.isEmpty ? "" : " Answered well: \(cut.joined(separator: ", "))."
    }

    /// A line for each point of any phase.
    private var table: FigureTable {
        var places: Set<Double> = []
        for line in self.lines { places.formUnion(line.distribution.points.map(\.oneIn)) }
        let columns = self.lines.map { line in
            Dictionary(
                line.distribution.points.map { ($0.oneIn, $0.ms) },
                uniquingKeysWith: { first, _ in first })
        }
        return FigureTable(
            caption: "\(Self.title). A line is a point of the plot, “one in” how rare it is to "
                + "be slower. A dash: no point there, or no good answer.",
            columns: [.place("percentile"), .place("one in")]
                + self.lines.map {
                    .series($0.id, ChartUnit.milliseconds.heading($0.label))
                },
            rows: places.sorted().map { place in
                [Self.percentile(place), ChartUnit.number.cell(place)]
                    + columns.map { ChartUnit.milliseconds.cell($0[place]) }
            })
    }

    /// The percentile of 1 in so many: `50 %`, `99.9 %`.
    static func percentile(_ oneIn: Double) -> String {
        var digits = 1
        var reach = 1_000.0
        while oneIn >= reach * 0.999, digits < 7 {
            reach *= 10
            digits += 1
        }
        return UnitText.fixed((1 - 1 / max(1, oneIn)) * 100, digits, trim: true) + " %"
    }
}
