/// The run as one strip: what was planned above, what was observed below.
///
/// Above the axis the phases of load with the scenario's own events, below it how well the server
/// answered, with what happened and what detectors found. Marks are numbered as in the table.
struct TimelineStrip {
    private static let left = 82.0
    private static let right = 898.0
    private static let planTop = 56.0
    private static let planHeight = 40.0
    private static let seenBase = 128.0
    private let context: ChartContext
    private let short = ChartPaths.short

    init(_ context: ChartContext) {
        self.context = context
    }

    /// The strip with the spans it draws as a table; the events' table is the page's.
    var html: String {
        PageParts.figure(
            "chart-timeline", title: nil, caption: nil, self.svg(), self.figure.details)
    }

    /// The SVG element; the numbers are those of the table below it.
    func svg() -> String {
        let height = self.context.timeScale == 1 ? 208.0 : 225.0
        return ChartSVG.element(
            id: "timeline", title: "Timeline",
            description: "Above: phases of load as planned, over wall and story time. Below: how "
                + "well the server answered; the worse, the higher the bar. Numbered marks are "
                + "the events of the table: planned ones above, observed ones below.",
            height: height,
            body: self.lanes + self.planned + self.observed + self.marks + self.words + self.axis)
    }

    private var figure: ReportFigure {
        ReportFigure(
            id: "timeline", title: "Timeline", caption: "", svg: "",
            tables: self.context.observed.isEmpty ? [] : [self.table])
    }

    /// A line for each bar of the observation.
    private var table: FigureTable {
        FigureTable(
            caption: "How well the server answered. Well: at least 99 % of what ended had a good "
                + "answer; impaired: at least half; failing: less.",
            columns: [
                .place("from"), .place("until"), .series("observed", "the server"),
            ],
            rows: self.context.observed.map {
                [ReportText.clock($0.start), ReportText.clock($0.end), $0.state.words]
            })
    }

    private func x(_ seconds: Double) -> Double {
        Self.left + (Self.right - Self.left) * min(1, max(0, seconds / self.context.span))
    }

    private var lanes: String {
        """
        <text x="10" y="\(self.short(Self.planTop + 24))" font-size="11.5" \
        \(ChartSVG.muted)>planned</text>
        <text x="10" y="\(self.short(Self.seenBase - 6))" font-size="11.5" \
        \(ChartSVG.muted)>observed</text>

        """
    }

    private var planned: String {
        var output = ""
        for (index, phase) in self.context.phases.enumerated() where phase.t.count == 2 {
            let start = self.x(phase.t[0])
            let width = max(0, self.x(phase.t[1]) - start)
            output += """
                <rect x="\(self.short(start))" y="\(self.short(Self.planTop))" \
                width="\(self.short(width))" height="\(self.short(Self.planHeight))" \
                \(PhaseColor.band(phase.kind, index + 1)) stroke="currentColor" \
                stroke-opacity="0.3" stroke-width="0.8" data-series="phase">\
                <title>\(ReportText.escape(phase.name))</title></rect>

                """
            let room = Int((width - 6) / (12.5 * 0.56))
            guard room >= 3 else { continue }
            output += """
                <text x="\(self.short(start + width / 2))" \
                y="\(self.short(Self.planTop + 24))" text-anchor="middle">\
                \(ReportText.escape(ReportText.clipped(phase.name, room)))</text>

                """
        }
        return output
    }

    /// One path for each state, so that a run of many changes stays small.
    private var observed: String {
        let plot = PlotFrame(
            name: "timeline-0", left: Self.left, right: Self.right, top: Self.planTop,
            bottom: Self.seenBase, x: TimeFrame.scale(self.context),
            y: ChartScale(low: 0, high: 1, logarithmic: false, ticks: []), unit: .number)
        var output = "<g \(plot.attributes)>\n"
        for state in ObservedSpan.State.allCases {
            let spans = self.context.observed.filter { $0.state == state }
            guard !spans.isEmpty else { continue }
            let height = self.short(state.height)
            let path = spans.map { span in
                let start = self.x(span.start)
                let width = self.short(max(0.5, self.x(span.end) - start))
                return "M\(self.short(start)),\(self.short(Self.seenBase))v-\(height)"
                    + "h\(width)v\(height)z"
            }.joined()
            output += """
                <path d="\(path)" data-series="observed:\(state.rawValue)" \
                data-points="\(spans.count)" fill="\(state.color)" stroke="none">\
                <title>\(state.words)</title></path>

                """
        }
        return output + "</g>\n"
    }

    /// The states' names where their bars are wide enough, above them.
    private var words: String {
        self.context.observed.compactMap { span -> String? in
            let start = self.x(span.start)
            let width = self.x(span.end) - start
            guard width > ChartLabels.width(span.state.words, size: 11) + 4 else { return nil }
            return """
                <text x="\(self.short(start + width / 2))" \
                y="\(self.short(Self.seenBase + 12))" font-size="11" text-anchor="middle" \
                \(ChartSVG.halo)>\(span.state.words)</text>

                """
        }.joined()
    }

    private var axis: String {
        let step = ChartScale.timeStep(self.context.span)
        var output = ""
        for index in 0...Int(self.context.span / step) {
            let seconds = Double(index) * step
            let x = self.short(self.x(seconds))
            output += """
                <text x="\(x)" y="200" text-anchor="middle">\(ReportText.clock(seconds))</text>
                """
            guard self.context.timeScale != 1 else { continue }
            output += """
                <text x="\(x)" y="217" text-anchor="middle" font-size="11.5" \
                \(ChartSVG.muted)>\(ReportText.story(seconds * self.context.timeScale))</text>

                """
        }
        return output
    }

    private var marks: String {
        var ends: [Double] = [-100, -100, -100, -100]
        var output = ""
        for (index, entry) in self.context.timeline.enumerated() {
            let place = self.x(entry.t)
            let center = min(908, max(12, place))
            let isPlanned = (entry.source ?? "planned") == "planned"
            let first = isPlanned ? 0 : 2
            let row = ends[first] + 20 <= center ? 0 : ends[first + 1] + 20 <= center ? 1 : 0
            ends[first + row] = center
            let y = isPlanned ? [36.0, 14][row] : [154.0, 176][row]
            let line =
                isPlanned
                ? "M\(self.short(place)),\(self.short(y + 9))"
                    + "V\(self.short(Self.planTop + Self.planHeight))"
                : "M\(self.short(place)),\(self.short(y - 9))V\(self.short(Self.seenBase - 24))"
            let full = ReportText.escape("\(ReportText.clock(entry.t)) \(entry.label)")
            output += """
                <path d="\(line)" stroke="\(PhaseColor.line(entry.kind))" stroke-width="1.2" \
                fill="none"/>\
                <circle cx="\(self.short(center))" cy="\(self.short(y))" r="9.5" \
                fill="\(PhaseColor.event(entry.kind))" data-event="\(index + 1)">\
                <title>\(full)</title></circle>\
                <text x="\(self.short(center))" y="\(self.short(y))" dy="4" font-size="11" \
                font-weight="600" text-anchor="middle" fill="#ffffff">\(index + 1)</text>

                """
        }
        return output
    }
}
