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
    /// How a tick or a table cell is written.
    var format: @Sendable (Double) -> String
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
    static let columnLimit = 600
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
    /// Text and the dashed line of what was asked for.
    static let ink = "#1f2937"
    /// Secondary text, 7:1 on white.
    static let muted = "#4b5563"
    /// Grid lines.
    static let grid = "#e2e5ea"
    static let blue = "#0072B2"
    static let green = "#009E73"
    static let orange = "#E69F00"
    static let vermilion = "#D55E00"
    static let purple = "#CC79A7"
    static let sky = "#56B4E9"
    static let yellow = "#F0E442"
    static let gray = "#8a8f98"
}
