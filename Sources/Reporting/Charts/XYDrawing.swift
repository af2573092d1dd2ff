/// Draws a chart whose horizontal axis is not time; needs neither style sheet nor script.
struct XYDrawing {
    private static let top = 40.0
    private let chart: XYChart
    private let plot: PlotFrame
    private let short = ChartPaths.short

    init(_ chart: XYChart) {
        self.chart = chart
        self.plot = PlotFrame(
            name: "\(chart.id)-0", left: TimeFrame.left, right: TimeFrame.right, top: Self.top,
            bottom: Self.top + chart.height, x: chart.x.scale, y: chart.y.scale,
            unit: chart.unit)
    }

    /// The SVG element.
    var svg: String {
        let body = """
            <g \(self.plot.attributes)>
            \(self.grid)\(self.marked)\(self.lines)\(self.dots)\(self.numbers)\(self.keys)</g>

            """
        return ChartSVG.element(
            id: self.chart.id, title: self.chart.title, description: self.chart.caption,
            height: self.plot.bottom + 46, body: body)
    }

    private var grid: String {
        let plot = self.plot
        var output = """
            <rect x="\(self.short(plot.left))" y="\(self.short(plot.top))" \
            width="\(self.short(plot.right - plot.left))" \
            height="\(self.short(plot.bottom - plot.top))" fill="currentColor" \
            fill-opacity="0.04"/>
            <text x="\(self.short(plot.left))" y="\(self.short(plot.top - 9))" font-size="12" \
            font-weight="600" \(ChartSVG.muted)>\(ReportText.escape(self.chart.y.title))</text>
            <text x="\(self.short(plot.right))" y="\(self.short(plot.bottom + 36))" \
            font-size="12" font-weight="600" text-anchor="end" \
            \(ChartSVG.muted)>\(ReportText.escape(self.chart.x.title))</text>

            """
        for tick in self.chart.y.scale.ticks {
            let y = self.short(plot.placeY(tick))
            output += """
                <path d="M\(self.short(plot.left)),\(y)H\(self.short(plot.right))" \
                \(ChartSVG.grid)/>\
                <text x="\(self.short(plot.left - 8))" y="\(y)" dy="4" text-anchor="end">\
                \(ReportText.escape(self.chart.y.format(tick)))</text>

                """
        }
        for tick in self.chart.x.scale.ticks {
            let x = self.short(plot.placeX(tick))
            output += """
                <path d="M\(x),\(self.short(plot.top))V\(self.short(plot.bottom + 5))" \
                \(ChartSVG.grid)/>\
                <text x="\(x)" y="\(self.short(plot.bottom + 18))" text-anchor="middle">\
                \(ReportText.escape(self.chart.x.format(tick)))</text>

                """
        }
        return output
    }

    private var marked: String {
        guard let mark = self.chart.mark else { return "" }
        let plot = self.plot
        let x = plot.placeX(mark.x)
        var output = ""
        if let interval = mark.interval, let low = interval.first, let high = interval.last {
            let start = plot.placeX(low)
            output += """
                <rect x="\(self.short(start))" y="\(self.short(plot.top))" \
                width="\(self.short(max(1, plot.placeX(high) - start)))" \
                height="\(self.short(plot.bottom - plot.top))" fill="\(Palette.green)" \
                fill-opacity="0.22" data-series="mark:interval" \
                data-low="\(ChartSVG.exact(low))" data-high="\(ChartSVG.exact(high))"/>

                """
        }
        let anchorsEnd = x > (plot.left + plot.right) / 2
        output += """
            <path d="M\(self.short(x)),\(self.short(plot.top))V\(self.short(plot.bottom))" \
            data-series="mark" data-value="\(ChartSVG.exact(mark.x))" stroke="\(Palette.green)" \
            stroke-width="2" stroke-dasharray="8 3" fill="none"/>
            <text x="\(self.short(anchorsEnd ? x - 7 : x + 7))" \
            y="\(self.short(plot.bottom - 9))" \
            text-anchor="\(anchorsEnd ? "end" : "start")" font-weight="600" \
            \(ChartSVG.halo)>\(ReportText.escape(mark.label))</text>

            """
        return output
    }

    /// A point's place; without a height it lies on the upper edge.
    private func place(_ point: XYChart.Point) -> String {
        let y = point.y.map { self.plot.placeY($0) } ?? self.plot.top
        return "\(self.short(self.plot.placeX(point.x))),\(self.short(y))"
    }

    private var lines: String {
        self.chart.series.filter { $0.mark == .line }.map { series in
            let path = series.points.enumerated().map { index, point in
                (index == 0 ? "M" : "L") + self.place(point)
            }.joined()
            return """
                <path d="\(path)" data-series="\(ReportText.escape(series.id))" \
                data-points="\(series.points.count)" fill="none" stroke="\(series.color)" \
                stroke-width="\(self.short(series.width))" stroke-linejoin="round" \
                stroke-linecap="round"\(ChartSVG.dash(series.dash))/>

                """
        }.joined()
    }

    /// Dots are lines of no length with round ends; what has no height is a triangle.
    private var dots: String {
        self.chart.series.filter { $0.mark == .dots }.map { series in
            let known = series.points.filter { $0.y != nil }
            let missing = series.points.filter { $0.y == nil }
            let id = ReportText.escape(series.id)
            var output = """
                <path d="\(known.map { "M\(self.place($0))h0" }.joined())" data-series="\(id)" \
                data-points="\(known.count)" fill="none" stroke="\(series.color)" \
                stroke-width="6.5" stroke-linecap="round"/>

                """
            if !missing.isEmpty {
                let path = missing.map { "M\(self.place($0))l4,8h-8z" }.joined()
                output += """
                    <path d="\(path)" data-series="\(id):none" data-points="\(missing.count)" \
                    fill="\(series.color)" stroke="none"><title>no good answer</title></path>

                    """
            }
            return output
        }.joined()
    }

    private var numbers: String {
        var taken: [(x: Double, y: Double)] = []
        return self.chart.series.compactMap { series -> String? in
            guard let number = series.number, let first = series.points.first else { return nil }
            var x = min(self.plot.right - 10, max(self.plot.left, self.plot.placeX(first.x))) + 7
            let y = max(
                self.plot.top + 22, (first.y.map { self.plot.placeY($0) } ?? self.plot.top) - 6)
            while taken.contains(where: { abs($0.x - x) < 12 && abs($0.y - y) < 12 }) { x += 13 }
            taken.append((x, y))
            return """
                <text x="\(self.short(x))" y="\(self.short(y))" font-size="12" \
                font-weight="600" \(ChartSVG.halo)>\(number)</text>

                """
        }.joined()
    }

    private var keys: String {
        let named = self.chart.series.filter { $0.label != nil }
        let anchors = named.map { series -> Double in
            guard series.mark == .line, let last = series.points.last else {
                return self.plot.top
            }
            return last.y.map { self.plot.placeY($0) } ?? self.plot.top
        }
        let spread = ChartLabels.spread(
            anchors, gap: 17, top: self.plot.top + 8, bottom: self.plot.bottom - 4)
        // Dots have no end to stand beside: their names come in order.
        let dotted = named.allSatisfy { $0.mark == .dots }
        return zip(named, spread).enumerated().map { index, entry in
            let (series, y) = entry
            return SeriesKey(
                id: series.id, label: series.label ?? "", color: series.color, dash: series.dash,
                width: series.width, isFilled: series.mark == .dots
            ).svg(
                x: self.plot.right + 8,
                y: dotted ? self.plot.top + 8 + Double(index) * 17 : y)
        }.joined()
    }
}
