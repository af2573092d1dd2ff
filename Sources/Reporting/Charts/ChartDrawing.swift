/// Draws a chart over time as one SVG that needs neither style sheet nor script.
struct ChartDrawing {
    /// Where plots begin.
    static let left = TimeFrame.left
    /// Where plots end; the rest is for the names of the series.
    static let right = TimeFrame.right
    private static let gap = 36.0

    private let chart: Chart
    private let context: ChartContext
    private let short = ChartPaths.short

    init(_ chart: Chart, _ context: ChartContext) {
        self.chart = chart
        self.context = context
    }

    /// The SVG element.
    func svg() -> String {
        let frame = TimeFrame(self.context)
        var top = frame.top
        var panels = ""
        for (index, panel) in self.chart.panels.enumerated() {
            panels += self.panel(panel, index, top)
            top += panel.height + Self.gap
        }
        return frame.svg(
            id: self.chart.id, title: self.chart.title, description: self.chart.caption,
            bottom: top - Self.gap, plots: panels)
    }

    private func panel(_ panel: ChartPanel, _ index: Int, _ top: Double) -> String {
        let layers = PanelLayers(panel, decimation: self.context.decimation)
        let paths = ChartPaths(
            left: Self.left, width: Self.right - Self.left, top: top, height: panel.height,
            context: self.context, scale: layers.scale)
        let plot = PlotFrame(
            name: "\(self.chart.id)-\(index)", left: Self.left, right: Self.right, top: top,
            bottom: top + panel.height, x: TimeFrame.scale(self.context), y: layers.scale,
            unit: panel.unit)
        return """
            <g \(plot.attributes)>
            \(self.grid(panel, paths))\(self.absences(panel, layers, paths))\
            \(self.marks(layers, paths))\(self.names(layers, paths))</g>

            """
    }

    private func grid(_ panel: ChartPanel, _ paths: ChartPaths) -> String {
        var output = ""
        for tick in paths.scale.ticks {
            let y = self.short(paths.y(tick))
            output += """
                <path d="M\(self.short(Self.left)),\(y)H\(self.short(Self.right))" \
                \(ChartSVG.grid)/>\
                <text x="\(self.short(Self.left - 8))" y="\(y)" dy="4" text-anchor="end">\
                \(ReportText.escape(panel.unit.tick(tick)))</text>

                """
        }
        output += """
            <text x="\(self.short(Self.left))" y="\(self.short(paths.top - 7))" \
            font-size="12" font-weight="600" \(ChartSVG.muted) \(ChartSVG.halo)>\
            \(ReportText.escape(panel.title))</text>

            """
        return output
    }

    /// Bars under the upper edge where a series has no value although something ended.
    private func absences(
        _ panel: ChartPanel, _ layers: PanelLayers, _ paths: ChartPaths
    ) -> String {
        guard let ended = panel.ended else { return "" }
        let step = self.context.decimation
        var output = ""
        let telling = layers.layers.filter(\.series.tellsAbsence)
        for (index, layer) in telling.enumerated() {
            let y = self.short(paths.top + 5 + Double(index) * 8)
            var bars = ""
            for (column, value) in layer.tops.enumerated() where value == nil {
                let rows = (column * step)..<min((column + 1) * step, ended.count)
                guard rows.contains(where: { ended[$0] && layer.series.values[$0] == nil }) else {
                    continue
                }
                let from = paths.x(self.context.times[rows.lowerBound])
                let to = paths.x(
                    self.context.times[rows.upperBound - 1] + self.context.rowSeconds)
                bars += "M\(self.short(from)),\(y)H\(self.short(to))"
            }
            guard !bars.isEmpty else { continue }
            output += """
                <path d="\(bars)" stroke="\(layer.series.color)" stroke-width="5" \
                stroke-opacity="0.75" fill="none"><title>\
                \(ReportText.escape(layer.series.label)): no good answer</title></path>

                """
        }
        return output
    }

    private func marks(_ layers: PanelLayers, _ paths: ChartPaths) -> String {
        var fills = ""
        var lines = ""
        for layer in layers.layers {
            let series = layer.series
            let drawn = paths.draw(layer.tops, base: layer.bases)
            let id = ReportText.escape(series.id)
            if series.mark != .line, !drawn.area.isEmpty {
                let opacity = series.mark == .stacked ? "0.85" : "0.22"
                fills += """
                    <path d="\(drawn.area)" data-area="\(id)" fill="\(series.color)" \
                    fill-opacity="\(opacity)" stroke="none"/>

                    """
            }
            let stacked = series.mark == .stacked
            lines += """
                <path d="\(drawn.line)" data-series="\(id)" \
                data-rows="\(series.values.count)" data-decimation="\(self.context.decimation)" \
                data-missing="\(drawn.missing)" fill="none" \
                stroke="\(stacked ? "#ffffff" : series.color)" \
                stroke-width="\(stacked ? "0.6" : self.short(series.width))" \
                stroke-linejoin="round" stroke-linecap="round"\(ChartSVG.dash(series.dash))/>

                """
        }
        return fills + lines
    }

    private func names(_ layers: PanelLayers, _ paths: ChartPaths) -> String {
        let anchors = layers.layers.map { layer -> Double in
            guard let last = layer.tops.last(where: { $0 != nil }), let value = last else {
                return paths.top + paths.height / 2
            }
            let base = layer.series.mark == .stacked ? layer.bases?.last ?? value : value
            return paths.y((value + base) / 2)
        }
        let spread = ChartLabels.spread(
            anchors, gap: 17, top: paths.top + 6, bottom: paths.top + paths.height - 4)
        return zip(layers.layers, spread).map { layer, y in
            SeriesKey(
                id: layer.series.id, label: layer.series.label, color: layer.series.color,
                dash: layer.series.dash, width: layer.series.width,
                isFilled: layer.series.mark == .stacked
            ).svg(x: Self.right + 8, y: y)
        }.joined()
    }
}

/// A series' name beside its plot, with a sample of its line.
struct SeriesKey {
    var id: String
    var label: String
    var color: String
    var dash: String?
    var width = 2.0
    var isFilled = false
    /// The most characters of a label.
    var limit = 20

    /// The key at a place; `data-label` names the series for scripts.
    func svg(x: Double, y: Double) -> String {
        let short = ChartPaths.short
        let sample =
            self.isFilled
            ? """
            <rect x="\(short(x))" y="\(short(y - 6))" width="14" height="12" \
            fill="\(self.color)" fill-opacity="0.85"/>
            """
            : """
            <path d="M\(short(x)),\(short(y))h20" stroke="\(self.color)" \
            stroke-width="\(short(max(2, self.width)))" fill="none"\(ChartSVG.dash(self.dash))/>
            """
        let shift = self.isFilled ? 20.0 : 26.0
        return """
            <g data-label="\(ReportText.escape(self.id))">\(sample)\
            <text x="\(short(x + shift))" y="\(short(y))" dy="4">\
            <title>\(ReportText.escape(self.label))</title>\
            \(ReportText.escape(ReportText.clipped(self.label, self.limit)))</text></g>

            """
    }
}
