/// Genuine people beside noise over the run, as a chart on the common time axis.
struct CrowdingChart {
    private let crowding: Report.CrowdingOut

    /// Nil without rows.
    init?(_ report: Report) {
        guard let crowding = report.people?.crowdingOut, !crowding.rows.isEmpty else { return nil }
        self.crowding = crowding
    }

    /// The axis: the run's, with a column for each row.
    func context(_ report: Report) -> ChartContext {
        var context = ChartContext(report)
        context.times = self.crowding.rows.map(\.t)
        context.rowSeconds = Double(max(1, self.crowding.rowSeconds))
        return context
    }

    var chart: Chart {
        Chart(
            id: "crowding", title: "Crowded out",
            caption: """
                Above: what the server accepted, genuine and noise, one upon the other. Below: the \
                share of the genuine people who arrived then and got in (solid), beside noise's \
                share of what the server accepted (dashed). Each point stands for \
                \(ReportText.seconds(Double(self.crowding.rowSeconds))).
                """, panels: [self.accepted, self.shares] + self.page)
    }

    private func perSecond(_ count: (Report.CrowdingRow) -> Int) -> [Double?] {
        self.crowding.rows.map { Double(count($0)) / Double(max(1, self.crowding.rowSeconds)) }
    }

    private var accepted: ChartPanel {
        ChartPanel(
            title: "accepted by the server per second",
            series: [
                ChartSeries(
                    id: "crowding:accepted_genuine", label: "genuine",
                    values: self.perSecond(\.acceptedGenuine), color: Palette.blue, mark: .stacked),
                ChartSeries(
                    id: "crowding:accepted_noise", label: "noise",
                    values: self.perSecond(\.acceptedNoise), color: Palette.orange, mark: .stacked),
            ], height: 130, unit: .perSecond, name: "accepted")
    }

    private var shares: ChartPanel {
        ChartPanel(
            title: "shares",
            series: [
                ChartSeries(
                    id: "crowding:genuine_share", label: "genuine in",
                    values: self.crowding.rows.map(\.genuineShare), color: Palette.blue),
                ChartSeries(
                    id: "crowding:noise_share", label: "noise of accepted",
                    values: self.crowding.rows.map(\.noiseShare), color: Palette.orange,
                    dash: "6 4"),
            ], height: 110, unit: .percent)
    }

    /// The store's page: only where its reviews were counted.
    private var page: [ChartPanel] {
        let average = self.crowding.rows.map(\.starsAverage)
        guard average.contains(where: { $0 != nil }) else { return [] }
        return [
            ChartPanel(
                title: "stars on the store's page: average so far",
                series: [
                    ChartSeries(
                        id: "crowding:stars_average", label: "stars", values: average,
                        color: Palette.purple)
                ], height: 70),
            ChartPanel(
                title: "reviews posted per second",
                series: [
                    ChartSeries(
                        id: "crowding:reviews", label: "reviews",
                        values: self.crowding.rows.map { row in
                            row.reviews.map {
                                Double($0) / Double(max(1, self.crowding.rowSeconds))
                            }
                        }, color: Palette.vermilion, mark: .area)
                ], height: 70, unit: .perSecond),
        ]
    }
}
