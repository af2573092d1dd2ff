/// Draws how the share of people who got in grew with the time since their arrival.
///
/// One panel a class, steps with their intervals, over a logarithmic axis of time; like all charts
/// it needs neither style sheet nor script.
struct SuccessCurveDrawing {
    static let title = "How long it took to get in"
    static let caption = """
        Of the people of a class, the share who had got in by a time since they arrived (solid), \
        and the share who would have, had nobody lost patience (dashed); both with 95 % intervals. \
        Where the solid line ends below 100 %, the rest never got in. Each line of the grid across \
        is ten times the one before.
        """
    private static let height = 170.0
    private static let top = 34.0
    private static let gap = 58.0
    private let classes: [(name: String, figures: Report.PeopleFigures)]
    private let axis: ChartScale
    private let short = ChartPaths.short

    /// Nil when no class has a curve.
    init?(_ classes: [(name: String, figures: Report.PeopleFigures)]) {
        let drawn = classes.filter { !$0.figures.curve.isEmpty }
        guard !drawn.isEmpty else { return nil }
        self.classes = drawn
        self.axis = .decades(drawn.flatMap { $0.figures.curve.map(\.t) })
    }

    /// The SVG element.
    func svg() -> String {
        let count = Double(self.classes.count)
        let height = Self.top + count * Self.height + (count - 1) * Self.gap + 50
        let panels = self.classes.enumerated().map { index, entry in
            self.panel(
                entry.name, entry.figures.curve,
                top: Self.top + Double(index) * (Self.height + Self.gap))
        }.joined()
        return ChartSVG.element(
            id: "success", title: Self.title, description: Self.caption, height: height,
            body: panels)
    }

    private func x(_ seconds: Double) -> Double {
        ChartDrawing.left
            + (ChartDrawing.right - ChartDrawing.left) * self.axis.position(seconds)
    }

    private func y(_ share: Double, _ top: Double) -> Double {
        top + Self.height * (1 - min(1, max(0, share)))
    }

    private func panel(_ name: String, _ curve: [Report.CurvePoint], top: Double) -> String {
        let color = name == "genuine" ? Palette.blue : Palette.orange
        let patient = curve.map { ($0.t, $0.ifPatientCI ?? [$0.ifPatient, $0.ifPatient]) }
        let observed = curve.map { ($0.t, $0.ci ?? [$0.share, $0.share]) }
        let plot = PlotFrame(
            name: "success-\(ReportText.escape(name))", left: ChartDrawing.left,
            right: ChartDrawing.right, top: top, bottom: top + Self.height, x: self.axis,
            y: ChartScale(low: 0, high: 1, logarithmic: false, ticks: []), unit: .percent)
        var output = "<g \(plot.attributes)>\n" + self.grid(name, top)
        output += self.band(patient, top, color: Palette.gray, opacity: "0.16")
        output += self.band(observed, top, color: color, opacity: "0.22")
        output += self.line(
            "\(name):if_patient", curve.map { ($0.t, $0.ifPatient) }, top, color: Palette.gray,
            dash: "6 4")
        output += self.line(
            "\(name):share", curve.map { ($0.t, $0.share) }, top, color: color)
        return output + self.names(curve, top, color: color) + "</g>\n"
    }

    private func grid(_ name: String, _ top: Double) -> String {
        let bottom = top + Self.height
        var output = """
            <rect x="\(self.short(ChartDrawing.left))" y="\(self.short(top))" \
            width="\(self.short(ChartDrawing.right - ChartDrawing.left))" \
            height="\(self.short(Self.height))" fill="currentColor" \
            fill-opacity="0.04"/>
            <text x="\(self.short(ChartDrawing.left))" y="\(self.short(top - 9))" font-size="12" \
            font-weight="600" \(ChartSVG.muted)>\(ReportText.escape(name)): share of the \
            people who got in</text>

            """
        for share in [0, 0.25, 0.5, 0.75, 1] {
            let y = self.short(self.y(share, top))
            output += """
                <path d="M\(self.short(ChartDrawing.left)),\(y)\
                H\(self.short(ChartDrawing.right))" \(ChartSVG.grid)/>\
                <text x="\(self.short(ChartDrawing.left - 8))" y="\(y)" dy="4" \
                text-anchor="end">\(ReportText.percent(share))</text>

                """
        }
        for tick in self.axis.ticks {
            let x = self.short(self.x(tick))
            output += """
                <path d="M\(x),\(self.short(top))V\(self.short(bottom + 5))" \
                \(ChartSVG.grid)/>\
                <text x="\(x)" y="\(self.short(bottom + 18))" text-anchor="middle">\
                \(ReportText.seconds(tick))</text>

                """
        }
        output += """
            <text x="\(self.short(ChartDrawing.right + 34))" y="\(self.short(bottom + 18))" \
            font-size="11.5" \(ChartSVG.muted)>since arrival</text>

            """
        return output
    }

    /// The steps: from nobody at the left edge, along and up to each point.
    private func line(
        _ id: String, _ points: [(t: Double, share: Double)], _ top: Double, color: String,
        dash: String? = nil
    ) -> String {
        var path = "M\(self.short(ChartDrawing.left)),\(self.short(self.y(0, top)))"
        for point in points {
            path += "H\(self.short(self.x(point.t)))V\(self.short(self.y(point.share, top)))"
        }
        let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        return """
            <path d="\(path)" data-curve="\(ReportText.escape(id))" \
            data-points="\(points.count)" fill="none" stroke="\(color)" stroke-width="2" \
            stroke-linejoin="round"\(dashes)/>

            """
    }

    /// The intervals: each holds from its point to the next.
    private func band(
        _ points: [(t: Double, bounds: [Double])], _ top: Double, color: String, opacity: String
    ) -> String {
        guard points.count > 1 else { return "" }
        var upper = ""
        var lower: [String] = []
        for (index, point) in points.enumerated() {
            let from = self.short(self.x(point.t))
            let to = self.short(self.x(points[min(index + 1, points.count - 1)].t))
            let high = self.short(self.y(point.bounds.last ?? 0, top))
            let low = self.short(self.y(point.bounds.first ?? 0, top))
            upper += (index == 0 ? "M" : "L") + "\(from),\(high)L\(to),\(high)"
            lower.append("L\(to),\(low)L\(from),\(low)")
        }
        return """
            <path d="\(upper)\(lower.reversed().joined())Z" fill="\(color)" \
            fill-opacity="\(opacity)" stroke="none"/>

            """
    }

    private func names(_ curve: [Report.CurvePoint], _ top: Double, color: String) -> String {
        guard let last = curve.last else { return "" }
        let texts = [
            ("got in: \(ReportText.percent(last.share))", color, ""),
            (
                "if patient: \(ReportText.percent(last.ifPatient))", Palette.gray,
                " stroke-dasharray=\"6 4\""
            ),
        ]
        let spread = ChartLabels.spread(
            [self.y(last.share, top), self.y(last.ifPatient, top)], gap: 17, top: top + 6,
            bottom: top + Self.height - 4)
        return zip(texts, spread).map { text, y in
            """
            <path d="M\(self.short(ChartDrawing.right + 8)),\(self.short(y))h20" \
            stroke="\(text.1)" stroke-width="2" fill="none"\(text.2)/>\
            <text x="\(self.short(ChartDrawing.right + 34))" y="\(self.short(y))" dy="4">\
            \(ReportText.escape(text.0))</text>

            """
        }.joined()
    }
}
