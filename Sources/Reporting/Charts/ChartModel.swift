/// One drawn series: a value for each row, nil where it is not known.
struct ChartSeries: Sendable {
    /// How a series is drawn.
    enum Mark: Sendable {
        /// A line.
        case line
        /// A line over a filled area.
        case area
        /// An area on top of the previous stacked one.
        case stacked
    }
    /// The machine's name, written as `data-series`.
    var id: String
    /// The name people read.
    var label: String
    /// One value a row.
    var values: [Double?]
    /// `#rrggbb`.
    var color: String
    /// SVG's dash pattern, nil for a solid line.
    var dash: String?
    /// How it is drawn.
    var mark = Mark.line
    /// The line's width.
    var width = 2.0
    /// How several rows become one drawn column: the largest instead of the mean.
    var mergesByMaximum = false
    /// Whether rows without a value although something ended get a bar at the upper edge.
    var tellsAbsence = false
    /// For a share: what it is made of, so that columns divide sum by sum.
    var ratio: Ratio?

    /// A share by row: parts of wholes.
    struct Ratio: Sendable {
        /// What is counted.
        var parts: [Int]
        /// Of how many.
        var wholes: [Int]
    }

    /// The values of the drawn columns, each of `decimation` rows.
    func columns(by decimation: Int) -> [Double?] {
        guard let ratio = self.ratio, decimation > 1 else {
            return ChartPaths.columns(
                self.values, by: decimation, maximum: self.mergesByMaximum)
        }
        return stride(from: 0, to: self.values.count, by: decimation).map { first in
            let rows = first..<min(first + decimation, self.values.count)
            let part = ratio.parts[rows].reduce(0, +)
            let whole = ratio.wholes[rows].reduce(0, +)
            return whole > 0 ? Double(part) / Double(whole) : nil
        }
    }
}

/// A part of a chart with its own vertical axis; all parts share the time axis.
struct ChartPanel: Sendable {
    /// What the vertical axis shows.
    var title: String
    /// The series in drawing order.
    var series: [ChartSeries]
    /// Height of the plot.
    var height = 210.0
    /// Decades instead of equal steps.
    var logarithmic = false
    /// Rows in which attempts ended, where a missing value then means "no good answer".
    var ended: [Bool]?
    /// What the values count.
    var unit = ChartUnit.number
    /// What goes before a series' name in the table, where panels share names.
    var name = ""
}

/// A chart: panels over one time axis.
struct Chart: Sendable {
    /// A prefix for ids, unique on the page.
    var id: String
    /// The heading.
    var title: String
    /// One or two sentences: what to look for.
    var caption: String
    /// The panels from top to bottom.
    var panels: [ChartPanel]
}

/// What all charts of a report share: the time axis, the phases and the labels on it.
struct ChartContext: Sendable {
    /// The most columns a series is drawn with.
    static let columnLimit = 200
    /// First second of each row.
    var times: [Double]
    /// Seconds of wall time the axis covers; at least 1.
    var span: Double
    /// Story seconds per wall second.
    var timeScale: Double
    /// Phases of load.
    var phases: [Report.Phase]
    /// What is marked on the axis.
    var timeline: [Report.TimelineEntry]
    /// The entries that charts mark.
    var markers: [Report.TimelineEntry]
    /// Seconds a row stands for.
    var rowSeconds: Double
    /// How well the server answered, span by span.
    var observed: [ObservedSpan] = []

    /// The context of a report's charts.
    init(_ report: Report) {
        self.times = report.series.map(\.t)
        self.rowSeconds = report.rowSeconds
        let lastRow = (self.times.last ?? 0) + self.rowSeconds
        let lastPhase = report.phases.compactMap(\.t.last).max() ?? 0
        self.span = max(1, lastRow, lastPhase)
        self.timeScale = report.run.timeScale
        self.phases = report.phases
        self.timeline = report.timeline.filter { $0.t.isFinite }
        // What a planned request answered is a line of the table; a second marker at the same
        // moment would only hide the first.
        let planned = self.timeline.filter { $0.kind != "operator" }
        self.markers = self.timeline.filter { entry in
            entry.kind != "operator" || !planned.contains { entry.label.hasPrefix($0.label + ":") }
        }
        self.observed = ObservedSpan.spans(
            report.series, by: self.decimation, rowSeconds: self.rowSeconds)
    }

    /// How many rows share one drawn column.
    var decimation: Int {
        max(1, (self.times.count + Self.columnLimit - 1) / Self.columnLimit)
    }
}

extension Report {
    /// Seconds that a row of the series stands for; rows are of equal width.
    var rowSeconds: Double {
        guard self.series.count > 1 else { return 1 }
        let width = self.series[1].t - self.series[0].t
        return width > 0 ? width : 1
    }
}

/// The colours of the charts: Okabe and Ito's, which the colour-blind can tell apart.
enum Palette {
    /// The dashed line of what was asked for: the colour of the text.
    static let ink = "currentColor"
    static let blue = "#0072B2"
    static let green = "#009E73"
    static let orange = "#E69F00"
    static let vermilion = "#D55E00"
    static let purple = "#CC79A7"
    static let sky = "#56B4E9"
    static let yellow = "#F0E442"
    static let gray = "#8a8f98"
}
