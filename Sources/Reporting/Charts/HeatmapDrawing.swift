#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Draws how many attempts ended how slowly: time to the right, response time upwards.
///
/// One path for each level of colour, of cells that are put together along the time axis.
struct HeatmapDrawing {
    /// The levels' colours from few to many: one hue, darker and darker, told apart in grey, too.
    static let colors = [
        "#c6dff0", "#96c7e3", "#5fa6d1", "#3585bd", "#17609c", "#08407a", "#041f4a",
    ]
    static let title = "Response times, attempt by attempt"
    /// The most columns: more than of lines, since cells of equal colour share a mark.
    static let columnLimit = 300
    private static let height = 260.0
    private let heatmap: Report.Heatmap
    private let context: ChartContext
    /// Counts by drawn column and band.
    let columns: [[Int]]
    /// The first second of each drawn column.
    let times: [Double]
    /// Seconds of a drawn column.
    let columnSeconds: Double
    /// The smallest count of each level, ascending from 1.
    let levels: [Int]

    /// Nil when nothing ended.
    init?(_ report: Report) {
        guard let heatmap = report.heatmap, heatmap.edgesMs.count > 1, !heatmap.columns.isEmpty
        else { return nil }
        let bands = heatmap.edgesMs.count - 1
        let merged = max(1, (heatmap.columns.count + Self.columnLimit - 1) / Self.columnLimit)
        self.heatmap = heatmap
        self.context = ChartContext(report)
        self.columnSeconds = heatmap.columnSeconds * Double(merged)
        let starts = stride(from: 0, to: heatmap.columns.count, by: merged)
        self.times = starts.map { heatmap.columns[$0].t }
        self.columns = starts.map { start in
            var counts = [Int](repeating: 0, count: bands)
            for column in heatmap.columns[start..<min(start + merged, heatmap.columns.count)] {
                for (offset, count) in column.counts.enumerated() {
                    let band = column.first + offset
                    if counts.indices.contains(band) { counts[band] += count }
                }
            }
            return counts
        }
        let largest = self.columns.compactMap { $0.max() }.max() ?? 0
        guard largest > 0 else { return nil }
        self.levels = HeatmapDrawing.levels(upTo: largest)
    }

    /// Seven levels in equal ratios from 1 to the largest count; fewer where there are not as many.
    static func levels(upTo largest: Int) -> [Int] {
        var levels: [Int] = []
        for step in 0..<self.colors.count {
            let share = Double(step) / Double(self.colors.count)
            let least = Int((pow(Double(largest), share) - 1e-9).rounded(.up))
            if least > levels.last ?? 0 { levels.append(least) }
        }
        return levels
    }

    /// The level of a count; nil for none.
    func level(_ count: Int) -> Int? {
        self.levels.lastIndex { count >= $0 }
    }

    /// The chart with its table.
    var figure: ReportFigure {
        ReportFigure(
            id: "heatmap", title: HeatmapDrawing.title, caption: self.caption, svg: self.svg,
            tables: [self.table])
    }

    private var caption: String {
        "Every attempt that ended, good or not, by the time since it was meant to be sent; "
            + "the darker, the more ended in that span (at most "
            + "\(ReportText.count(self.columns.compactMap { $0.max() }.max() ?? 0)) in one cell). "
            + "A line across is a deadline or a fixed pause; two clouds are two ways to be served."
    }

    private var svg: String {
        let frame = TimeFrame(self.context)
        let bottom = frame.top + Self.height
        let scale = ChartScale(
            low: self.heatmap.edgesMs.first ?? 1, high: self.heatmap.edgesMs.last ?? 10,
            logarithmic: true, ticks: self.ticks)
        let plot = PlotFrame(
            name: "heatmap-0", left: TimeFrame.left, right: TimeFrame.right, top: frame.top,
            bottom: bottom, x: TimeFrame.scale(self.context), y: scale, unit: .milliseconds)
        let plots = """
            <g \(plot.attributes)>
            \(self.grid(plot))\(self.cells(plot))</g>
            \(self.key(plot))
            """
        return frame.svg(
            id: "heatmap", title: HeatmapDrawing.title, description: self.caption,
            bottom: bottom, plots: plots, eventsOnTop: true)
    }

    /// The whole decades: every edge whose logarithm is whole.
    private var ticks: [Double] {
        self.heatmap.edgesMs.filter { edge in
            edge > 0 && abs(log10(edge) - log10(edge).rounded()) < 1e-4
        }
    }

    private func grid(_ plot: PlotFrame) -> String {
        let short = ChartPaths.short
        var output = """
            <rect x="\(short(plot.left))" y="\(short(plot.top))" \
            width="\(short(plot.right - plot.left))" height="\(short(plot.bottom - plot.top))" \
            fill="#ffffff"/>
            <text x="\(short(plot.left))" y="\(short(plot.top - 7))" font-size="12" \
            font-weight="600" \(ChartSVG.muted) \(ChartSVG.halo)>response time, logarithmic</text>

            """
        for tick in plot.y.ticks {
            let y = short(plot.placeY(tick))
            output += """
                <path d="M\(short(plot.left)),\(y)H\(short(plot.right))" stroke="#1f2937" \
                stroke-opacity="0.14" fill="none"/>\
                <text x="\(short(plot.left - 8))" y="\(y)" dy="4" text-anchor="end">\
                \(ReportText.milliseconds(tick))</text>

                """
        }
        return output
    }

    /// Cells in a system of their own: one unit is a column, one a band.
    private func cells(_ plot: PlotFrame) -> String {
        let bands = self.heatmap.edgesMs.count - 1
        let first = plot.placeX(self.times.first ?? 0)
        let perSecond = (plot.right - plot.left) / self.context.span
        let width = ChartSVG.exact(perSecond * self.columnSeconds)
        let height = ChartSVG.exact((plot.bottom - plot.top) / Double(bands))
        var output = """
            <g transform="translate(\(ChartSVG.exact(first)) \(ChartSVG.exact(plot.top))) \
            scale(\(width) \(height))" shape-rendering="crispEdges" stroke="none" \
            data-columns="\(self.columns.count)" data-bands="\(bands)">

            """
        for (level, path) in self.paths(bands).enumerated() where !path.isEmpty {
            output += """
                <path d="\(path)" data-series="level:\(level + 1)" \
                data-least="\(self.levels[level])" fill="\(self.color(level))"/>

                """
        }
        return output + "</g>\n"
    }

    /// By level: runs of neighbouring columns, band by band from the slowest.
    private func paths(_ bands: Int) -> [String] {
        var paths = [String](repeating: "", count: self.levels.count)
        for band in 0..<bands {
            var column = 0
            while column < self.columns.count {
                guard let level = self.level(self.columns[column][band]) else {
                    column += 1
                    continue
                }
                let start = column
                while column < self.columns.count,
                    self.level(self.columns[column][band]) == level
                {
                    column += 1
                }
                let run = column - start
                paths[level] += "M\(start) \(bands - 1 - band)h\(run)v1h-\(run)z"
            }
        }
        return paths
    }

    /// Fewer levels still span the whole ramp.
    private func color(_ level: Int) -> String {
        guard self.levels.count > 1 else { return Self.colors[Self.colors.count / 2] }
        let place = level * (Self.colors.count - 1) / (self.levels.count - 1)
        return Self.colors[place]
    }

    private func key(_ plot: PlotFrame) -> String {
        let short = ChartPaths.short
        let x = plot.right + 8
        var output = """
            <text x="\(short(x))" y="\(short(plot.top + 8))" font-size="11.5" \
            \(ChartSVG.muted)>attempts in a cell</text>

            """
        for (index, least) in self.levels.enumerated() {
            let y = plot.top + 20 + Double(self.levels.count - 1 - index) * 18
            output += """
                <rect x="\(short(x))" y="\(short(y))" width="14" height="14" \
                fill="\(self.color(index))"/>\
                <text x="\(short(x + 20))" y="\(short(y + 11))">\(ReportText.count(least))\
                \(index + 1 < self.levels.count ? self.upTo(index) : " or more")</text>

                """
        }
        return output
    }

    private func upTo(_ index: Int) -> String {
        let last = self.levels[index + 1] - 1
        return last > self.levels[index] ? " to \(ReportText.count(last))" : ""
    }

    /// A line for each drawn column: which bands, by their lower edge, hold how many attempts.
    private var table: FigureTable {
        let span = ReportText.seconds(self.columnSeconds)
        let rows = zip(self.times, self.columns).map { time, counts in
            let cells = counts.enumerated().filter { $0.element > 0 }.map { band, count in
                "\(ChartUnit.milliseconds.cell(self.heatmap.edgesMs[band])): \(count)"
            }
            return ChartTable.places(time, self.context)
                + [cells.isEmpty ? "–" : cells.joined(separator: ", ")]
        }
        return FigureTable(
            caption: "\(HeatmapDrawing.title). A line stands for \(span): for each band of "
                + "response times its lower edge in ms, and how many attempts ended in it.",
            columns: ChartTable.places(self.context) + [.series("counts", "from ms: attempts")],
            rows: rows)
    }
}
