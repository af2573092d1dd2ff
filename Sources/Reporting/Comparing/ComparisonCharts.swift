import Comparison

/// Both groups over one time axis: in each second the median of a group's runs.
struct ComparisonCharts {
    private let comparison: RunComparison

    init(_ comparison: RunComparison) {
        self.comparison = comparison
    }

    /// The charts; none where no run has a second.
    var all: [Chart] {
        guard !self.times.isEmpty else { return [] }
        let several = self.comparison.base.count + self.comparison.new.count > 2
        let what =
            several
            ? " Each line is the median of its group's runs in that second." : ""
        return [
            Chart(
                id: "compare-response", title: "Response times",
                caption: "The baseline dashed, the new runs solid, over all attempts that ended."
                    + what + " Each line of the grid is ten times the one below.",
                panels: [
                    self.panel("p50", \.p50, logarithmic: true, unit: .milliseconds),
                    self.panel("p99", \.p99, logarithmic: true, unit: .milliseconds),
                ]),
            Chart(
                id: "compare-good", title: "Good answers",
                caption: "Answered well per second; both groups were asked for the same load."
                    + what,
                panels: [
                    self.panel("good", { $0.good }, logarithmic: false, unit: .perSecond),
                    self.panel("offered", { $0.offered }, logarithmic: false, unit: .perSecond),
                ]),
        ]
    }

    /// What the charts share; the time scale is the runs' own.
    var context: ChartContext {
        var report = Report()
        let scale = self.comparison.base.first?.timeScale ?? 1
        report.run.timeScale = scale
        report.series = self.times.map { Report.SeriesRow(t: $0, story: $0 * scale) }
        return ChartContext(report)
    }

    /// The seconds of the longest run, up to the last one in which load was offered: what waits for
    /// answers afterwards is a tail of gaps.
    private var times: [Double] {
        (self.comparison.base + self.comparison.new).map { run in
            let end = run.rows.lastIndex { $0.offered > 0 } ?? run.rows.indices.last
            return end.map { run.rows[...$0].map(\.t) } ?? []
        }.max { $0.count < $1.count } ?? []
    }

    private func panel(
        _ name: String, _ value: @escaping (RunEvidence.Row) -> Double?, logarithmic: Bool,
        unit: ChartUnit
    ) -> ChartPanel {
        let count = self.times.count
        func middle(_ runs: [RunEvidence]) -> [Double?] {
            (0..<count).map { row in
                median(
                    runs.compactMap { run in
                        run.rows.indices.contains(row) ? value(run.rows[row]) : nil
                    })
            }
        }
        return ChartPanel(
            title: "\(name): baseline and new",
            series: [
                ChartSeries(
                    id: "base:\(name)", label: "baseline", values: middle(self.comparison.base),
                    color: Palette.ink, dash: "6 4", width: 2),
                ChartSeries(
                    id: "new:\(name)", label: "new", values: middle(self.comparison.new),
                    color: Palette.vermilion, width: 2),
            ], height: 130, logarithmic: logarithmic, unit: unit)
    }
}

/// The runs of both groups as dots on a line: how far apart, and how far among each other.
enum DotStrip {
    /// An SVG of a figure's runs; empty where fewer than two have a value.
    static func svg(_ figure: FigureComparison, _ words: ComparisonWords, id: String) -> String {
        let base = figure.base.filter(\.isFinite)
        let new = figure.new.filter(\.isFinite)
        guard let low = (base + new).min(), let high = (base + new).max(),
            base.count + new.count > 1
        else { return "" }
        let room = high > low ? high - low : max(abs(high), 1)
        let short = ChartPaths.short
        func x(_ value: Double) -> String { short(130 + 640 * (value - low) / room) }
        func dots(_ values: [Double], _ y: Int, _ color: String, _ name: String) -> String {
            var output =
                "<text x=\"118\" y=\"\(y + 4)\" text-anchor=\"end\">\(name)</text>"
                + "<path d=\"M130,\(y)H770\" stroke=\"currentColor\" stroke-opacity=\"0.25\"/>"
            for value in values {
                let text = ReportText.escape(words.value(value, figure))
                output +=
                    "<circle cx=\"\(x(value))\" cy=\"\(y)\" r=\"5\" fill=\"\(color)\" "
                    + "fill-opacity=\"0.7\"><title>\(name): \(text)</title></circle>"
            }
            return output
        }
        let title = ReportText.escape("\(figure.figure.name), one dot a run")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 84" width="100%" role="img" \
            aria-labelledby="\(id)-title" font-family="system-ui, sans-serif" font-size="12.5" \
            fill="\(Palette.ink)">
            <title id="\(id)-title">\(title)</title>
            \(dots(base, 20, Palette.ink, "baseline"))
            \(dots(new, 44, Palette.vermilion, "new"))
            <text x="130" y="72" \(ChartSVG.muted)>\
            \(ReportText.escape(words.value(low, figure)))</text>
            <text x="770" y="72" text-anchor="end" \(ChartSVG.muted)>\
            \(ReportText.escape(words.value(high, figure)))</text>
            </svg>

            """
    }
}
