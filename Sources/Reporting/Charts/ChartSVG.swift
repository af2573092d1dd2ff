import Primitives

/// What all charts have in common as SVG: the outer element, inks and the plots' own facts.
///
/// Presentation attributes alone make a chart readable. A style sheet may set `color` on the
/// outer element, and the fill of `data-part="paper"` and the stroke of `data-part="halo"`.
enum ChartSVG {
    /// The width of every chart's coordinate system.
    static let width = 920.0
    /// Secondary text; more than 7:1 on white.
    static let muted = "fill=\"currentColor\" fill-opacity=\"0.8\""
    /// Lines of a grid.
    static let grid = "stroke=\"currentColor\" stroke-opacity=\"0.14\" fill=\"none\""
    /// An axis and its ticks.
    static let axis = "stroke=\"currentColor\" stroke-opacity=\"0.65\" fill=\"none\""
    /// A rim of paper around a text, so that no line runs through it.
    static let halo =
        "data-part=\"halo\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" "
        + "paint-order=\"stroke\""

    /// The outer element, named for those who cannot see it.
    static func element(
        id: String, title: String, description: String, height: Double, body: String
    ) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 \(ChartPaths.short(height))" \
        width="100%" role="img" aria-labelledby="\(id)-title \(id)-desc" data-chart="\(id)" \
        font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" \
        font-size="12.5" color="#1f2937" fill="currentColor">
        <title id="\(id)-title">\(ReportText.escape(title))</title>
        <desc id="\(id)-desc">\(ReportText.escape(description))</desc>
        <rect data-part="paper" width="920" height="\(ChartPaths.short(height))" rx="8" \
        fill="#ffffff"/>
        \(body)</svg>

        """
    }

    /// The dash pattern as an attribute; nothing for a solid line.
    static func dash(_ pattern: String?) -> String {
        pattern.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    }

    /// A number for a data attribute: exact enough to compute with.
    static func exact(_ value: Double) -> String {
        UnitText.fixed(value, 6, trim: true)
    }
}

/// Where a plot lies and what its edges mean; written onto the plot's group for scripts.
struct PlotFrame {
    /// The plot's name, unique in its chart.
    var name: String
    /// Edges in the chart's coordinates.
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double
    /// The values at the left and right edges: seconds where the axis is time.
    var x: ChartScale
    /// The values at the lower and upper edges.
    var y: ChartScale
    /// The unit of the vertical axis.
    var unit: ChartUnit

    /// The attributes of the plot's group.
    ///
    /// `data-x0` to `data-y1` are values at the edges, `data-scale` and `data-xscale` say `linear`
    /// or `log`, `data-left` to `data-bottom` are the edges in the coordinates of the SVG.
    var attributes: String {
        """
        data-plot="\(self.name)" data-x0="\(ChartSVG.exact(self.x.low))" \
        data-x1="\(ChartSVG.exact(self.x.high))" data-y0="\(ChartSVG.exact(self.y.low))" \
        data-y1="\(ChartSVG.exact(self.y.high))" \
        data-scale="\(self.y.logarithmic ? "log" : "linear")" \
        data-xscale="\(self.x.logarithmic ? "log" : "linear")" \
        data-left="\(ChartPaths.short(self.left))" data-right="\(ChartPaths.short(self.right))" \
        data-top="\(ChartPaths.short(self.top))" \
        data-bottom="\(ChartPaths.short(self.bottom))" data-unit="\(self.unit.rawValue)"
        """
    }

    /// The horizontal place of a value.
    func placeX(_ value: Double) -> Double {
        self.left + (self.right - self.left) * self.x.position(value)
    }

    /// The vertical place of a value.
    func placeY(_ value: Double) -> Double {
        self.bottom - (self.bottom - self.top) * self.y.position(value)
    }
}
