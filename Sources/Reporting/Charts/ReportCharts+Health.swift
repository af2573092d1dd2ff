extension ReportCharts {
    /// The story's human queue; nil where it was not sampled.
    var review: Chart? {
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
                    ], height: 120),
                ChartPanel(
                    title: "age of the oldest",
                    series: [
                        ChartSeries(
                            id: "review:oldest_age", label: "oldest", values: age,
                            color: Palette.vermilion, dash: "5 3", mergesByMaximum: true)
                    ], height: 90, unit: .seconds),
            ])
    }

    var generator: Chart {
        Chart(
            id: "generator", title: "The generator itself",
            caption: """
                The generator's own use of processor cores, and how far behind its schedule it \
                started requests. If these rise with the trouble, doubt the generator first.
                """,
            panels: [
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
                            self.rows.map(\.generator.laneBusy)), height: 70),
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
                    unit: .milliseconds),
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
                    series: held, height: 70))
        }
        if !memory.isEmpty {
            panels.append(
                ChartPanel(
                    title: "generator: resident memory", series: memory, height: 70,
                    unit: .megabytes))
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
