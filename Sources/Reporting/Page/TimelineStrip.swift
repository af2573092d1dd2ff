/// The run as one strip: its phases with their names, and numbered marks for the events.
struct TimelineStrip {
    private let context: ChartContext
    private let short = ChartPaths.short

    init(_ context: ChartContext) {
        self.context = context
    }

    /// The SVG element; the numbers are those of the table below it.
    func svg() -> String {
        let (left, right) = (36.0, 884.0)
        func x(_ seconds: Double) -> Double {
            left + (right - left) * min(1, max(0, seconds / self.context.span))
        }
        var body = ""
        for (index, phase) in self.context.phases.enumerated() where phase.t.count == 2 {
            let start = x(phase.t[0])
            let width = max(0, x(phase.t[1]) - start)
            body += """
                <rect x="\(self.short(start))" y="56" width="\(self.short(width))" height="44" \
                fill="\(PhaseColor.band(phase.kind, index + 1))" stroke="#c5ccd6" \
                stroke-width="0.8"><title>\(ReportText.escape(phase.name))</title></rect>

                """
            let room = Int((width - 6) / (12.5 * 0.56))
            guard room >= 3 else { continue }
            body += """
                <text x="\(self.short(start + width / 2))" y="82" text-anchor="middle">\
                \(ReportText.escape(ReportText.clipped(phase.name, room)))</text>

                """
        }
        body += self.marks(x)
        let step = ChartScale.timeStep(self.context.span)
        for index in 0...Int(self.context.span / step) {
            let seconds = Double(index) * step
            body += """
                <text x="\(self.short(x(seconds)))" y="120" text-anchor="middle">\
                \(ReportText.clock(seconds))</text>
                """
            guard self.context.timeScale != 1 else { continue }
            body += """
                <text x="\(self.short(x(seconds)))" y="137" text-anchor="middle" \
                font-size="11.5" fill="\(Palette.muted)">\
                \(ReportText.story(seconds * self.context.timeScale))</text>

                """
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 148" width="100%" role="img" \
            aria-labelledby="strip-title strip-desc" data-chart="timeline" \
            font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" \
            font-size="12.5" fill="\(Palette.ink)">
            <title id="strip-title">Timeline</title>
            <desc id="strip-desc">Phases of load over wall and story time, with the events of \
            the table below as numbered marks.</desc>
            <rect width="920" height="148" rx="8" fill="#ffffff"/>
            \(body)
            </svg>

            """
    }

    private func marks(_ x: (Double) -> Double) -> String {
        let places = self.context.timeline.map { x($0.t) }
        var rowEnds: [Double] = [-100, -100]
        var output = ""
        for (index, entry) in self.context.timeline.enumerated() {
            let center = min(908, max(12, places[index]))
            let row = rowEnds[0] + 20 <= center ? 0 : rowEnds[1] + 20 <= center ? 1 : 0
            rowEnds[row] = center
            let y = row == 0 ? 36.0 : 14.0
            let color = PhaseColor.event(entry.kind)
            let full = ReportText.escape("\(ReportText.clock(entry.t)) \(entry.label)")
            output += """
                <path d="M\(self.short(places[index])),\(self.short(y + 9))V100" \
                stroke="\(color)" stroke-width="1.2" fill="none"/>\
                <circle cx="\(self.short(center))" cy="\(self.short(y))" r="9.5" \
                fill="\(color)"><title>\(full)</title></circle>\
                <text x="\(self.short(center))" y="\(self.short(y))" dy="4" font-size="11" \
                font-weight="600" text-anchor="middle" fill="#ffffff">\(index + 1)</text>

                """
        }
        return output
    }
}
