/// The charts of a report, in the order of the page.
struct ReportCharts {
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    /// Every chart the report has figures for.
    var all: [Chart] {
        guard !self.report.series.isEmpty else { return [] }
        return [self.throughput, self.responseTimes, self.outcomes, self.classes, self.review]
            .compactMap { $0 } + [self.generator]
    }

    private var rows: [Report.SeriesRow] { self.report.series }

    private func perSecond(_ count: (Report.SeriesRow) -> Int) -> [Double?] {
        let width = self.report.rowSeconds
        return self.rows.map { Double(count($0)) / width }
    }

    private var throughput: Chart {
        Chart(
            id: "throughput", title: "Offered, done and good",
            caption: """
                What the scenario asked for (dashed), what ended one way or another (solid) and \
                what was answered well (filled), per second. The gap below the dashed line is work \
                the server did not do; the gap above the filled area is work that helped nobody.
                """,
            panels: [
                ChartPanel(
                    title: "per second",
                    series: [
                        ChartSeries(
                            id: "good", label: "good", values: self.perSecond(\.good),
                            color: Palette.green, mark: .area, width: 2.2),
                        ChartSeries(
                            id: "done", label: "done", values: self.perSecond(\.done),
                            color: Palette.blue, width: 1.8),
                        ChartSeries(
                            id: "offered", label: "offered", values: self.perSecond(\.offered),
                            color: Palette.ink, dash: "6 4", width: 1.6),
                    ], format: { ReportText.number($0) })
            ])
    }

    private var responseTimes: Chart {
        let unanswered = self.rows.count { $0.done > 0 && $0.p99 == nil }
        let gaps =
            unanswered == 0
            ? ""
            : " Bars at the upper edge: seconds in which that share had no good answer at all "
                + "(p99: \(unanswered) rows)."
        return Chart(
            id: "response", title: "Response times",
            caption: """
                From the moment the plan wanted the request sent to its end, over all attempts \
                that ended; an attempt without a good answer counts as slower than every good \
                one. Each line of the grid is ten times the one below.
                """ + gaps,
            panels: [
                ChartPanel(
                    title: "response time, logarithmic",
                    series: [
                        ChartSeries(
                            id: "p99", label: "p99", values: self.rows.map(\.p99),
                            color: Palette.vermilion, dash: "5 3", mergesByMaximum: true),
                        ChartSeries(
                            id: "p50", label: "p50 (median)", values: self.rows.map(\.p50),
                            color: Palette.blue, mergesByMaximum: true),
                    ], logarithmic: true, ended: self.rows.map { $0.done > 0 },
                    format: { ReportText.milliseconds($0) })
            ])
    }

    private var outcomes: Chart? {
        let names = OutcomeOrder.sorted(self.report.outcomes)
        guard !names.isEmpty else { return nil }
        let kept = names.count > OutcomeOrder.limit ? OutcomeOrder.limit - 1 : names.count
        let rest = names.dropFirst(kept)
        var series = names.prefix(kept).enumerated().map { index, name in
            ChartSeries(
                id: "outcome:\(name)", label: ReportText.spaced(name),
                values: self.perSecond { $0.outcomes[name] ?? 0 },
                color: OutcomeOrder.color(name, index), mark: .stacked)
        }
        if !rest.isEmpty {
            series.append(
                ChartSeries(
                    id: "outcome:*", label: "\(rest.count) others",
                    values: self.perSecond { row in
                        rest.reduce(0) { $0 + (row.outcomes[$1] ?? 0) }
                    }, color: Palette.gray, mark: .stacked))
        }
        return Chart(
            id: "outcomes", title: "How attempts ended",
            caption: """
                Attempts that ended, per second, stacked by outcome: a status of the server's, or \
                the reason why no whole response arrived. Deadlines are the clients' own.
                """,
            panels: [
                ChartPanel(
                    title: "attempts per second", series: series,
                    format: { ReportText.number($0) })
            ])
    }

    private var classes: Chart? {
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
                ], height: 130, format: { ReportText.number($0) })
        }
        return Chart(
            id: "classes", title: "Genuine beside noise",
            caption: """
                Of the people who arrived in each second (dashed), how many were accepted in the \
                end (filled), whenever that was. The gap under the dashed line is people turned \
                away. Each panel has its own scale.
                """,
            panels: panels)
    }

    private var review: Chart? {
        let backlog = self.rows.map { $0.review?.backlog }
        let age = self.rows.map { $0.review?.oldestAge }
        guard backlog.contains(where: { $0 != nil }) || age.contains(where: { $0 != nil }) else {
            return nil
        }
        return Chart(
            id: "review", title: "The human queue",
            caption: """
                What the server accepted and nobody has looked at yet, and how old the oldest of \
                it is. A server that answers again is not a service that works again.
                """,
            panels: [
                ChartPanel(
                    title: "items waiting for review",
                    series: [
                        ChartSeries(
                            id: "review:backlog", label: "backlog", values: backlog,
                            color: Palette.purple, mark: .area, mergesByMaximum: true)
                    ], height: 120, format: { ReportText.number($0) }),
                ChartPanel(
                    title: "age of the oldest",
                    series: [
                        ChartSeries(
                            id: "review:oldest_age", label: "oldest", values: age,
                            color: Palette.vermilion, dash: "5 3", mergesByMaximum: true)
                    ], height: 90, format: { ReportText.seconds($0) }),
            ])
    }

    private var generator: Chart {
        Chart(
            id: "generator", title: "In flight, and the generator itself",
            caption: """
                Intents between arrival and end; then the generator's own use of processor cores \
                and how far behind its schedule it started requests. If these rise with the \
                trouble, doubt the generator first.
                """,
            panels: [
                ChartPanel(
                    title: "intents in flight",
                    series: [
                        ChartSeries(
                            id: "in_flight", label: "in flight",
                            values: self.rows.map { Double($0.inFlight) }, color: Palette.blue,
                            mark: .area, width: 1.8, mergesByMaximum: true)
                    ], height: 100, format: { ReportText.number($0) }),
                ChartPanel(
                    title: "generator: cores used, and its busiest lane's share of the time",
                    series: [
                        ChartSeries(
                            id: "generator:cpu", label: "cores",
                            values: self.rows.map(\.generator.cpu), color: Palette.green,
                            width: 1.8, mergesByMaximum: true)
                    ]
                        + self.health(
                            "generator:lane_busy", "busiest lane", Palette.gray,
                            self.rows.map(\.generator.laneBusy)), height: 70,
                    format: { ReportText.number($0) }),
                ChartPanel(
                    title: "generator: p99 lag behind the schedule, and of a bare timer",
                    series: [
                        ChartSeries(
                            id: "generator:lag_p99_ms", label: "lag p99",
                            values: self.rows.map(\.generator.lagP99Ms),
                            color: Palette.vermilion, dash: "5 3", width: 1.8,
                            mergesByMaximum: true)
                    ]
                        + self.health(
                            "generator:reference_p99_ms", "bare timer", Palette.gray,
                            self.rows.map(\.generator.referenceP99Ms)), height: 70,
                    format: { ReportText.milliseconds($0) }),
            ] + self.generatorStores)
    }

    /// What the generator holds: only where it was sampled.
    private var generatorStores: [ChartPanel] {
        let descriptors = self.rows.map { $0.generator.descriptors.map(Double.init) }
        let waiting = self.rows.map { $0.generator.timeWait.map(Double.init) }
        let held =
            self.health("generator:descriptors", "descriptors", Palette.blue, descriptors)
            + self.health("generator:time_wait", "TIME_WAIT", Palette.gray, waiting)
        let memory = self.health(
            "generator:memory", "memory", Palette.purple,
            self.rows.map { $0.generator.memory.map(Double.init) })
        var panels: [ChartPanel] = []
        if !held.isEmpty {
            panels.append(
                ChartPanel(
                    title: "generator: descriptors open, and the machine's sockets in TIME_WAIT",
                    series: held, height: 70, format: { ReportText.number($0) }))
        }
        if !memory.isEmpty {
            panels.append(
                ChartPanel(
                    title: "generator: resident memory", series: memory, height: 70,
                    format: { ReportText.bytes(Int64($0)) }))
        }
        return panels
    }

    /// A series of the generator's health; none where nothing is known of it.
    private func health(
        _ id: String, _ label: String, _ color: String, _ values: [Double?]
    ) -> [ChartSeries] {
        guard values.contains(where: { $0 != nil }) else { return [] }
        return [
            ChartSeries(
                id: id, label: label, values: values, color: color,
                dash: color == Palette.gray ? "2 2" : nil, width: 1.4, mergesByMaximum: true)
        ]
    }
}

/// The order and colours of outcomes: answered well first, then statuses, then failures.
enum OutcomeOrder {
    /// The most outcomes drawn apart.
    static let limit = 8

    /// Names with a count, well answered first, then by count, then by name.
    static func sorted(_ outcomes: [String: Int]) -> [String] {
        outcomes.filter { $0.value > 0 }.sorted { left, right in
            let (a, b) = (self.rank(left.key), self.rank(right.key))
            if a != b { return a < b }
            return left.value == right.value ? left.key < right.key : left.value > right.value
        }.map(\.key)
    }

    /// A colour that stays with an outcome where it can.
    static func color(_ name: String, _ index: Int) -> String {
        switch name {
        case "2xx": return Palette.green
        case "503": return Palette.vermilion
        case "first_byte_timeout": return Palette.orange
        case "refused": return Palette.blue
        case "connect_timeout": return Palette.purple
        default:
            let others = [Palette.sky, Palette.yellow, "#999933", "#882255", Palette.gray]
            return others[index % others.count]
        }
    }

    private static func rank(_ name: String) -> Int {
        switch name {
        case "2xx": 0
        case "1xx", "3xx": 1
        default: Int(name) != nil ? 2 : 3
        }
    }
}
