/// Where requests spent their time, as a chart on the common time axis.
struct BreakdownChart {
    private let breakdown: Report.Breakdown

    /// Nil when nothing ended.
    init?(_ report: Report) {
        guard let breakdown = report.breakdown,
            breakdown.rows.contains(where: { !$0.partsMs.isEmpty })
        else { return nil }
        self.breakdown = breakdown
    }

    /// The axis: the run's, with a column for each window.
    func context(_ report: Report) -> ChartContext {
        var context = ChartContext(report)
        context.times = self.breakdown.rows.map(\.t)
        context.rowSeconds = max(1, self.breakdown.rowSeconds)
        return context
    }

    private static let parts: [(id: String, label: String, color: String)] = [
        ("wait", "wait", Palette.vermilion), ("receive", "receive", Palette.green),
        ("send", "send", Palette.orange), ("tls", "TLS", Palette.purple),
        ("connect", "connect", Palette.sky), ("lookup", "lookup", Palette.gray),
    ]

    var chart: Chart {
        let present = Self.parts.filter { part in
            self.breakdown.rows.contains { $0.partsMs[part.id] != nil }
        }
        return Chart(
            id: "breakdown", title: "Where requests spent their time",
            caption: """
                Time an answered attempt spent in each part on average, stacked, over windows of \
                \(ReportText.seconds(self.breakdown.rowSeconds)): looking up the name, connecting, \
                TLS, handing the request to the kernel, waiting for the first byte of the answer, \
                receiving the rest. A part that did not run, as on a reused connection, counts as \
                none; a gap: nothing was answered. Waiting is the server's; connecting is its \
                queue of connections. Attempts that were never answered show above, under how they \
                ended.
                """,
            panels: [
                ChartPanel(
                    title: "time per answered attempt",
                    series: present.map { part in
                        ChartSeries(
                            id: "part:\(part.id)", label: part.label,
                            values: self.breakdown.rows.map { row in
                                row.answered > 0 ? row.partsMs[part.id] ?? 0 : nil
                            }, color: part.color, mark: .stacked)
                    }, height: 180, unit: .milliseconds)
            ])
    }
}
