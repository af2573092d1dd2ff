/// What all charts over time share: bands of phases, marked events and the time axis.
struct TimeFrame {
    /// Where plots begin.
    static let left = 66.0
    /// Where plots end; the rest is for the names of the series.
    static let right = 750.0
    private static let labelRows = 3
    private let context: ChartContext
    private let placed: [ChartLabels.Placed]
    /// Where the phases' bands begin, under the events' labels.
    let header: Double
    /// The upper edge of the first plot.
    var top: Double { self.header + 40 }
    private let short = ChartPaths.short

    init(_ context: ChartContext) {
        self.context = context
        let place = TimeFrame.place(context)
        self.placed = ChartLabels.stagger(
            context.markers.map { (x: place($0.t), text: $0.label) }, rows: Self.labelRows,
            size: 11.5, left: Self.left, right: ChartSVG.width - 8, limit: 34)
        let rows = self.placed.map { $0.row + 1 }.max() ?? 0
        self.header = 10 + Double(rows) * 15
    }

    /// The axis of time as a scale.
    static func scale(_ context: ChartContext) -> ChartScale {
        ChartScale(low: 0, high: context.span, logarithmic: false, ticks: [])
    }

    private static func place(_ context: ChartContext) -> (Double) -> Double {
        { seconds in
            self.left + (self.right - self.left) * min(1, max(0, seconds / context.span))
        }
    }

    /// The horizontal place of a moment.
    func x(_ seconds: Double) -> Double { TimeFrame.place(self.context)(seconds) }

    /// The chart around plots that end at `bottom`.
    ///
    /// - Parameter eventsOnTop: for plots that cover what is behind them.
    func svg(
        id: String, title: String, description: String, bottom: Double, plots: String,
        eventsOnTop: Bool = false
    ) -> String {
        let lines = self.eventLines(bottom)
        let body =
            self.bands(bottom) + (eventsOnTop ? "" : lines) + self.eventLabels
            + self.phaseNames + plots + (eventsOnTop ? lines : "") + self.axis(bottom)
        return ChartSVG.element(
            id: id, title: title, description: description, height: bottom + 46, body: body)
    }

    private func bands(_ bottom: Double) -> String {
        var output = ""
        for (index, phase) in self.context.phases.enumerated() where phase.t.count == 2 {
            let start = self.x(phase.t[0])
            let width = max(0, self.x(phase.t[1]) - start)
            output += """
                <rect x="\(self.short(start))" y="\(self.short(self.header))" \
                width="\(self.short(width))" height="\(self.short(bottom - self.header))" \
                \(PhaseColor.band(phase.kind, index))/>

                """
        }
        return output
    }

    private var phaseNames: String {
        var output = ""
        for phase in self.context.phases where phase.t.count == 2 {
            let start = self.x(phase.t[0])
            let width = max(0, self.x(phase.t[1]) - start)
            let room = Int((width - 4) / (11.5 * 0.56))
            guard room >= 3 else { continue }
            let name = ReportText.escape(ReportText.clipped(phase.name, room))
            output += """
                <text x="\(self.short(start + width / 2))" y="\(self.short(self.header + 15))" \
                text-anchor="middle" font-size="11.5" \(ChartSVG.muted)>\
                <title>\(ReportText.escape(phase.name))</title>\(name)</text>

                """
        }
        return output
    }

    private func labelY(_ row: Int) -> Double { 18 + Double(row) * 15 }

    private func eventLines(_ bottom: Double) -> String {
        var output = ""
        for (index, entry) in self.context.markers.enumerated() {
            let spot = self.placed.first { $0.index == index }
            let from = spot.map { self.labelY($0.row) - 10 } ?? self.header
            output += """
                <path d="M\(self.short(self.x(entry.t))),\(self.short(from))\
                V\(self.short(bottom))" stroke="\(PhaseColor.line(entry.kind))" \
                stroke-width="1.2" stroke-dasharray="2 3" fill="none">\
                <title>\(self.full(entry))</title></path>

                """
        }
        return output
    }

    /// The texts come on a rim of paper, so that no line runs through a word.
    private var eventLabels: String {
        guard !self.placed.isEmpty else { return "" }
        let texts = self.placed.map { spot in
            """
            <text x="\(self.short(spot.x))" y="\(self.short(self.labelY(spot.row)))"\
            \(spot.anchorsEnd ? " text-anchor=\"end\"" : "")>\
            <title>\(self.full(self.context.markers[spot.index]))</title>\
            \(ReportText.escape(spot.text))</text>

            """
        }.joined()
        return "<g font-size=\"11.5\" \(ChartSVG.halo)>\n\(texts)</g>\n"
    }

    private func full(_ entry: Report.TimelineEntry) -> String {
        ReportText.escape("\(ReportText.clock(entry.t)) \(entry.label)")
    }

    private func axis(_ bottom: Double) -> String {
        let step = ChartScale.timeStep(self.context.span)
        let scaled = self.context.timeScale != 1
        let beside = self.short(Self.right + 34)
        var output = """
            <path d="M\(self.short(Self.left)),\(self.short(bottom))H\(self.short(Self.right))" \
            \(ChartSVG.axis)/>
            <text x="\(beside)" y="\(self.short(bottom + 18))" font-size="11.5" \
            \(ChartSVG.muted)>wall time</text>

            """
        if scaled {
            output += """
                <text x="\(beside)" y="\(self.short(bottom + 35))" font-size="11.5" \
                \(ChartSVG.muted)>story time</text>

                """
        }
        for index in 0...Int(self.context.span / step) {
            let seconds = Double(index) * step
            let x = self.short(self.x(seconds))
            output += """
                <path d="M\(x),\(self.short(bottom))v5" \(ChartSVG.axis)/>\
                <text x="\(x)" y="\(self.short(bottom + 18))" text-anchor="middle">\
                \(ReportText.clock(seconds))</text>
                """
            if scaled {
                output += """
                    <text x="\(x)" y="\(self.short(bottom + 35))" text-anchor="middle" \
                    font-size="11.5" \(ChartSVG.muted)>\
                    \(ReportText.story(seconds * self.context.timeScale))</text>
                    """
            }
            output += "\n"
        }
        return output
    }
}
