/// Draws a chart as one SVG that needs neither style sheet nor script.
struct ChartDrawing {
    /// The width of every chart's coordinate system.
    static let width = 920.0
    /// Where plots begin.
    static let left = 66.0
    /// Where plots end; the rest is for the names of the series.
    static let right = 750.0
    private static let labelRows = 3
    private static let gap = 36.0
    private static let halo = "stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\""

    private let chart: Chart
    private let context: ChartContext
    private let short = ChartPaths.short

    init(_ chart: Chart, _ context: ChartContext) {
        self.chart = chart
        self.context = context
    }

    /// The SVG element.
    func svg() -> String {
        let placed = self.placed
        let rows = placed.map { $0.row + 1 }.max() ?? 0
        let header = 10 + Double(rows) * 15
        var top = header + 40
        var panels = ""
        for panel in self.chart.panels {
            panels += self.panel(panel, top)
            top += panel.height + Self.gap
        }
        let bottom = top - Self.gap
        let height = bottom + 46
        let id = self.chart.id
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 \(self.short(height))" \
            width="100%" role="img" aria-labelledby="\(id)-title \(id)-desc" data-chart="\(id)" \
            font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" \
            font-size="12.5" fill="\(Palette.ink)">
            <title id="\(id)-title">\(ReportText.escape(self.chart.title))</title>
            <desc id="\(id)-desc">\(ReportText.escape(self.chart.caption))</desc>
            <rect width="920" height="\(self.short(height))" rx="8" fill="#ffffff"/>
            \(self.bands(header, bottom))\(self.eventLines(placed, header, bottom))\
            \(self.eventLabels(placed))\(self.phaseNames(header))\(panels)\
            \(self.timeAxis(bottom))
            </svg>

            """
    }

    // MARK: - What all panels share

    private func x(_ seconds: Double) -> Double {
        Self.left + (Self.right - Self.left) * min(1, max(0, seconds / self.context.span))
    }

    private func bands(_ header: Double, _ bottom: Double) -> String {
        var output = ""
        for (index, phase) in self.context.phases.enumerated() where phase.t.count == 2 {
            let start = self.x(phase.t[0])
            let width = max(0, self.x(phase.t[1]) - start)
            output += """
                <rect x="\(self.short(start))" y="\(self.short(header))" \
                width="\(self.short(width))" height="\(self.short(bottom - header))" \
                fill="\(PhaseColor.band(phase.kind, index))"/>

                """
        }
        return output
    }

    private func phaseNames(_ header: Double) -> String {
        var output = ""
        for (index, phase) in self.context.phases.enumerated() where phase.t.count == 2 {
            let start = self.x(phase.t[0])
            let width = max(0, self.x(phase.t[1]) - start)
            let room = Int((width - 4) / (11.5 * 0.56))
            guard room >= 3 else { continue }
            let name = ReportText.escape(ReportText.clipped(phase.name, room))
            output += """
                <text x="\(self.short(start + width / 2))" y="\(self.short(header + 15))" \
                text-anchor="middle" font-size="11.5" fill="\(Palette.muted)" \
                stroke="\(PhaseColor.band(phase.kind, index))" stroke-width="3" \
                paint-order="stroke">\
                <title>\(ReportText.escape(phase.name))</title>\(name)</text>

                """
        }
        return output
    }

    private var placed: [ChartLabels.Placed] {
        ChartLabels.stagger(
            self.context.markers.map { (x: self.x($0.t), text: $0.label) },
            rows: Self.labelRows, size: 11.5, left: Self.left, right: Self.width - 8, limit: 34)
    }

    private func labelY(_ row: Int) -> Double { 18 + Double(row) * 15 }

    private func eventLines(
        _ placed: [ChartLabels.Placed], _ header: Double, _ bottom: Double
    ) -> String {
        var output = ""
        for (index, entry) in self.context.markers.enumerated() {
            let spot = placed.first { $0.index == index }
            let from = spot.map { self.labelY($0.row) - 10 } ?? header
            output += """
                <path d="M\(self.short(self.x(entry.t))),\(self.short(from))\
                V\(self.short(bottom))" stroke="\(PhaseColor.event(entry.kind))" \
                stroke-width="1.2" stroke-dasharray="2 3" fill="none">\
                <title>\(self.full(entry))</title></path>

                """
        }
        return output
    }

    /// The texts come after all lines, on a white rim, so that no line runs through a word.
    private func eventLabels(_ placed: [ChartLabels.Placed]) -> String {
        placed.map { spot in
            """
            <text x="\(self.short(spot.x))" y="\(self.short(self.labelY(spot.row)))" \
            font-size="11.5" text-anchor="\(spot.anchorsEnd ? "end" : "start")" \(Self.halo)>\
            <title>\(self.full(self.context.markers[spot.index]))</title>\
            \(ReportText.escape(spot.text))</text>

            """
        }.joined()
    }

    private func full(_ entry: Report.TimelineEntry) -> String {
        ReportText.escape("\(ReportText.clock(entry.t)) \(entry.label)")
    }

    private func timeAxis(_ bottom: Double) -> String {
        let step = ChartScale.timeStep(self.context.span)
        let scaled = self.context.timeScale != 1
        var output = """
            <path d="M\(self.short(Self.left)),\(self.short(bottom))H\(self.short(Self.right))" \
            stroke="\(Palette.muted)" fill="none"/>
            <text x="\(self.short(Self.right + 34))" y="\(self.short(bottom + 18))" \
            font-size="11.5" fill="\(Palette.muted)">wall time</text>

            """
        if scaled {
            output += """
                <text x="\(self.short(Self.right + 34))" y="\(self.short(bottom + 35))" \
                font-size="11.5" fill="\(Palette.muted)">story time</text>

                """
        }
        for index in 0...Int(self.context.span / step) {
            let seconds = Double(index) * step
            let x = self.short(self.x(seconds))
            output += """
                <path d="M\(x),\(self.short(bottom))v5" stroke="\(Palette.muted)" fill="none"/>\
                <text x="\(x)" y="\(self.short(bottom + 18))" text-anchor="middle">\
                \(ReportText.clock(seconds))</text>
                """
            if scaled {
                output += """
                    <text x="\(x)" y="\(self.short(bottom + 35))" text-anchor="middle" \
                    font-size="11.5" fill="\(Palette.muted)">\
                    \(ReportText.story(seconds * self.context.timeScale))</text>
                    """
            }
            output += "\n"
        }
        return output
    }

    // MARK: - One panel

    private func panel(_ panel: ChartPanel, _ top: Double) -> String {
        let layers = PanelLayers(panel, decimation: self.context.decimation)
        let paths = ChartPaths(
            left: Self.left, width: Self.right - Self.left, top: top, height: panel.height,
            context: self.context, scale: layers.scale)
        return self.grid(panel, paths) + self.absences(panel, layers, paths)
            + self.marks(layers, paths) + self.names(layers, paths)
    }

    private func grid(_ panel: ChartPanel, _ paths: ChartPaths) -> String {
        var output = ""
        for tick in paths.scale.ticks {
            let y = self.short(paths.y(tick))
            output += """
                <path d="M\(self.short(Self.left)),\(y)H\(self.short(Self.right))" \
                stroke="\(Palette.grid)" fill="none"/>\
                <text x="\(self.short(Self.left - 8))" y="\(y)" dy="4" text-anchor="end">\
                \(ReportText.escape(panel.format(tick)))</text>

                """
        }
        output += """
            <text x="\(self.short(Self.left))" y="\(self.short(paths.top - 7))" \
            font-size="12" font-weight="600" fill="\(Palette.muted)" stroke="#f5f7fa" \
            stroke-width="3" paint-order="stroke">\
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
        for (index, layer) in layers.layers.enumerated() {
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
            if series.mark != .line, !drawn.area.isEmpty {
                let opacity = series.mark == .stacked ? "0.85" : "0.22"
                fills += """
                    <path d="\(drawn.area)" fill="\(series.color)" \
                    fill-opacity="\(opacity)" stroke="none"/>

                    """
            }
            let dash = series.dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
            let stacked = series.mark == .stacked
            lines += """
                <path d="\(drawn.line)" data-series="\(ReportText.escape(series.id))" \
                data-rows="\(series.values.count)" data-decimation="\(self.context.decimation)" \
                data-missing="\(drawn.missing)" fill="none" \
                stroke="\(stacked ? "#ffffff" : series.color)" \
                stroke-width="\(stacked ? "0.6" : self.short(series.width))" \
                stroke-linejoin="round" stroke-linecap="round"\(dash)/>

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
        var output = ""
        for (layer, y) in zip(layers.layers, spread) {
            let series = layer.series
            let dash = series.dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
            let x = Self.right + 8
            if series.mark == .stacked {
                output += """
                    <rect x="\(self.short(x))" y="\(self.short(y - 6))" width="14" height="12" \
                    fill="\(series.color)" fill-opacity="0.85"/>
                    """
            } else {
                output += """
                    <path d="M\(self.short(x)),\(self.short(y))h20" stroke="\(series.color)" \
                    stroke-width="\(self.short(max(2, series.width)))" fill="none"\(dash)/>
                    """
            }
            let shift = series.mark == .stacked ? 20.0 : 26.0
            output += """
                <text x="\(self.short(x + shift))" y="\(self.short(y))" dy="4">\
                <title>\(ReportText.escape(series.label))</title>\
                \(ReportText.escape(ReportText.clipped(series.label, 20)))</text>

                """
        }
        return output
    }
}

/// A panel's series as drawn columns, stacked where asked, with the axis that holds them.
struct PanelLayers {
    /// One series.
    struct Layer {
        var series: ChartSeries
        /// The upper edge, one a column.
        var tops: [Double?]
        /// The lower edge of a stacked one.
        var bases: [Double]?
    }
    var layers: [Layer] = []
    var scale: ChartScale

    init(_ panel: ChartPanel, decimation: Int) {
        var floor: [Double] = []
        for series in panel.series {
            let columns = ChartPaths.columns(
                series.values, by: decimation, maximum: series.mergesByMaximum)
            guard series.mark == .stacked else {
                self.layers.append(Layer(series: series, tops: columns, bases: nil))
                continue
            }
            if floor.isEmpty { floor = [Double](repeating: 0, count: columns.count) }
            let tops = zip(floor, columns).map { $0 + ($1 ?? 0) }
            self.layers.append(Layer(series: series, tops: tops, bases: floor))
            floor = tops
        }
        let all = self.layers.flatMap { $0.tops.compactMap { $0 } }.filter(\.isFinite)
        self.scale =
            panel.logarithmic ? .decades(all) : .linear(upTo: all.max() ?? 1)
    }
}

/// The quiet colours behind and across the charts.
enum PhaseColor {
    /// A phase's band.
    static func band(_ kind: String, _ index: Int) -> String {
        switch kind {
        case "maintenance": "#fbeedb"
        case "relief": "#e6f3ec"
        default: index.isMultiple(of: 2) ? "#f5f7fa" : "#ebeff5"
        }
    }

    /// An event's line; 4.5:1 on every band.
    static func event(_ kind: String) -> String {
        switch kind {
        case "trigger", "symptom": "#a33a00"
        case "mitigation", "operator", "stop": "#6b4e00"
        case "recovery": "#006b4e"
        default: "#4b5563"
        }
    }
}
