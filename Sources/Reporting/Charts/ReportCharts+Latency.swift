extension ReportCharts {
    /// Percentiles over time, from the plan's moment and from the actual start.
    var responseTimes: Chart {
        let unanswered = self.rows.count { $0.done > 0 && $0.p99 == nil }
        let gaps =
            unanswered == 0
            ? ""
            : " Bars at the upper edge: rows in which p50 or p99 falls among attempts without a "
                + "good answer (p99: \(unanswered) rows)."
        return Chart(
            id: "response", title: "Response times",
            caption: """
                Above: from the moment the plan wanted the request sent to its end, over all \
                attempts that ended; an attempt without a good answer counts as slower than every \
                good one. Each line of the grid is ten times the one below.
                """ + gaps + self.serviceWords,
            panels: [self.response] + self.service)
    }

    private var serviceWords: String {
        self.service.isEmpty
            ? ""
            : " Below: service times, from the actual start to the end, of requests whose whole "
                + "answer arrived, whatever it said. Where the two differ, requests waited to be "
                + "sent, or were not answered well."
    }

    private var response: ChartPanel {
        ChartPanel(
            title: "response time, logarithmic",
            series: ReportCharts.percentiles(
                prefix: "",
                all: [
                    self.rows.map(\.max), self.rows.map(\.p999), self.rows.map(\.p99),
                    self.rows.map(\.p90), self.rows.map(\.p50),
                ]), logarithmic: true, ended: self.rows.map { $0.done > 0 },
            unit: .milliseconds, name: "response")
    }

    private var service: [ChartPanel] {
        guard self.rows.contains(where: { $0.serviceMs?.p50 != nil }) else { return [] }
        return [
            ChartPanel(
                title: "service time, logarithmic",
                series: ReportCharts.percentiles(
                    prefix: "service:",
                    all: [
                        self.rows.map(\.serviceMs?.max), self.rows.map(\.serviceMs?.p999),
                        self.rows.map(\.serviceMs?.p99), self.rows.map(\.serviceMs?.p90),
                        self.rows.map(\.serviceMs?.p50),
                    ]), height: 160, logarithmic: true, unit: .milliseconds, name: "service")
        ]
    }

    /// The five lines from the slowest down; those a report of an older Spate lacks are left out.
    private static func percentiles(prefix: String, all: [[Double?]]) -> [ChartSeries] {
        let looks: [(id: String, label: String, color: String, dash: String?, width: Double)] = [
            ("max", "max", Palette.gray, "1 3", 1.4),
            ("p999", "p99.9", Palette.purple, "2 3", 1.6),
            ("p99", "p99", Palette.vermilion, "5 3", 2),
            ("p90", "p90", Palette.sky, "9 3", 1.6),
            ("p50", "p50 (median)", Palette.blue, nil, 2),
        ]
        return zip(looks, all).compactMap { look, values -> ChartSeries? in
            let isOld = look.id != "p50" && look.id != "p99"
            guard !isOld || values.contains(where: { $0 != nil }) else { return nil }
            return ChartSeries(
                id: prefix + look.id, label: look.label, values: values, color: look.color,
                dash: look.dash, width: look.width, mergesByMaximum: true,
                tellsAbsence: prefix.isEmpty && !isOld)
        }
    }

    /// Intents in flight, and what Little's law makes of rate and time.
    var inFlight: Chart {
        let expected = self.expectedInFlight
        let isKnown = expected.contains { $0 != nil }
        let check =
            isKnown
            ? " Dashed: accepted per second times the time each took (Little's law), over "
                + "windows in which at least 99 % were accepted. In a steady state the two "
                + "agree; where they part for long, one of the measurements is wrong."
            : ""
        return Chart(
            id: "inflight", title: "In flight",
            caption: "Intents between arrival and end, waiting and thinking included. Where this "
                + "rises while goodput does not, a queue is growing." + check,
            panels: [
                ChartPanel(
                    title: "intents in flight",
                    series: [
                        ChartSeries(
                            id: "in_flight", label: "in flight",
                            values: self.rows.map { Double($0.inFlight) }, color: Palette.blue,
                            mark: .area, width: 1.8)
                    ]
                        + (isKnown
                            ? [
                                ChartSeries(
                                    id: "in_flight:expected", label: "rate × time",
                                    values: expected, color: Palette.ink, dash: "6 4",
                                    width: 1.4)
                            ] : []),
                    height: 130)
            ])
    }

    /// By row: the value of the window that holds its first second.
    private var expectedInFlight: [Double?] {
        guard let breakdown = self.report.breakdown, breakdown.rowSeconds > 0 else {
            return self.rows.map { _ in nil }
        }
        return self.rows.map { row in
            let place = Int(row.t / breakdown.rowSeconds)
            return breakdown.rows.indices.contains(place)
                ? breakdown.rows[place].expectedInFlight : nil
        }
    }

    /// Who was hurt: by class, how many of those who arrived then were accepted.
    var classes: Chart? {
        let names = ["genuine", "noise"].filter { self.report.classes[$0] != nil }
        guard !names.isEmpty else { return nil }
        let panels = names.map { name in
            ChartPanel(
                title: "\(name): intents per second of arrival",
                series: [
                    ChartSeries(
                        id: "\(name):accepted", label: "accepted",
                        values: self.perSecond { $0.classes[name]?.arrivedAccepted ?? 0 },
                        color: name == "genuine" ? Palette.blue : Palette.orange, mark: .area),
                    ChartSeries(
                        id: "\(name):arrived", label: "arrived",
                        values: self.perSecond { $0.classes[name]?.arrived ?? 0 },
                        color: Palette.ink, dash: "6 4", width: 1.5),
                ], height: 110, unit: .perSecond, name: name)
        }
        return Chart(
            id: "classes", title: "Who was hurt",
            caption: """
                Of the people who arrived in each second (dashed), how many were accepted in the \
                end (filled), whenever that was; each panel has its own scale. Then the same as a \
                share of those who arrived, the classes side by side: where genuine and noise fall \
                alike, the server did not tell them apart.
                """,
            panels: panels + [self.success(names)] + self.retries)
    }

    private func success(_ names: [String]) -> ChartPanel {
        ChartPanel(
            title: "accepted, of those who arrived then",
            series: names.map { name in
                ChartSeries(
                    id: "\(name):success", label: name,
                    values: self.rows.map { row in
                        row.classes[name].flatMap {
                            $0.arrived > 0
                                ? Double($0.arrivedAccepted) / Double($0.arrived) : nil
                        }
                    }, color: name == "genuine" ? Palette.blue : Palette.orange,
                    dash: name == "genuine" ? nil : "6 4",
                    ratio: .init(
                        parts: self.rows.map { $0.classes[name]?.arrivedAccepted ?? 0 },
                        wholes: self.rows.map { $0.classes[name]?.arrived ?? 0 }))
            }, height: 110, unit: .percent, name: "accepted of")
    }

    /// What of the load is people and apps trying again; none in reports of an older Spate.
    private var retries: [ChartPanel] {
        guard self.rows.contains(where: { $0.retries != nil }) else { return [] }
        let parts = self.rows.map { $0.retries ?? 0 }
        let wholes = self.rows.map(\.attempts)
        return [
            ChartPanel(
                title: "retries, of the attempts started",
                series: [
                    ChartSeries(
                        id: "retries:share", label: "retries",
                        values: zip(parts, wholes).map { part, whole in
                            whole > 0 ? Double(part) / Double(whole) : nil
                        }, color: Palette.vermilion, mark: .area, width: 1.6,
                        ratio: .init(parts: parts, wholes: wholes))
                ], height: 80, unit: .percent)
        ]
    }
}
