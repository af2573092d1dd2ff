/// A chart whose horizontal axis is not time.
struct XYChart: Sendable {
    /// One axis.
    struct Axis: Sendable {
        /// What it shows.
        var title: String
        /// Its range and ticks.
        var scale: ChartScale
        /// How a tick is written.
        var format: @Sendable (Double) -> String
    }
    /// A point; a missing height is drawn as a triangle at the upper edge.
    struct Point: Sendable {
        var x: Double
        var y: Double?
    }
    /// One series.
    struct Series: Sendable {
        /// How it is drawn.
        enum Mark: Sendable {
            /// A line through the points.
            case line
            /// A dot for each point.
            case dots
        }
        /// The machine's name, written as `data-series`.
        var id: String
        /// The name people read; nil for none beside the plot.
        var label: String?
        /// The points in drawing order.
        var points: [Point]
        /// The colour.
        var color: String
        /// SVG's dash pattern, nil for a solid line.
        var dash: String?
        /// How it is drawn.
        var mark = Mark.line
        /// The line's width.
        var width = 2.0
        /// A number at the first point, as in the label.
        var number: Int?
    }
    /// A value on the horizontal axis with its interval.
    struct Mark: Sendable {
        var x: Double
        var interval: [Double]?
        var label: String
    }
    /// A prefix for ids, unique on the page.
    var id: String
    /// The heading.
    var title: String
    /// One or two sentences: what to look for.
    var caption: String
    /// The horizontal axis.
    var x: Axis
    /// The vertical axis.
    var y: Axis
    /// The unit of the vertical axis.
    var unit = ChartUnit.milliseconds
    /// In drawing order.
    var series: [Series]
    /// A marked value of the horizontal axis.
    var mark: Mark?
    /// Height of the plot.
    var height = 300.0
    /// What the marks draw.
    var table: FigureTable

    /// The chart with its table.
    var figure: ReportFigure {
        ReportFigure(
            id: self.id, title: self.title, caption: self.caption, svg: XYDrawing(self).svg,
            tables: [self.table])
    }
}
