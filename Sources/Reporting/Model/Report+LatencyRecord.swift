import Measurements

extension Report.Heatmap {
    /// The counts of a run; nil when no attempt ended.
    init?(_ map: LatencyMap) {
        guard map.columns.contains(where: { !$0.counts.isEmpty }) else { return nil }
        self.init(
            columnSeconds: Double(map.columnSeconds),
            edgesMs: map.edges.map { ($0 * 1e6).rounded() / 1e6 },
            columns: map.columns.map {
                Column(t: Double($0.t), first: $0.first, counts: $0.counts)
            })
    }
}

extension Report.Distribution {
    /// The distribution of a phase; nil when no attempt ended in it.
    init?(_ distribution: LatencyDistribution) {
        guard distribution.total > 0 else { return nil }
        self.init(
            total: distribution.total, good: distribution.good,
            points: distribution.points.map {
                Point(oneIn: $0.oneIn.toThousandths, ms: $0.milliseconds.toThousandths)
            })
    }
}

extension Report.Breakdown {
    /// The windows of a run; nil when no attempt ended.
    init?(_ breakdown: TimeBreakdown, timeScale: Double) {
        guard breakdown.rows.contains(where: { $0.attempts > 0 }) else { return nil }
        self.init(
            rowSeconds: Double(breakdown.rowSeconds),
            rows: breakdown.rows.map { window in
                let parts = window.parts.map { ($0.key.rawValue, $0.value.toThousandths) }
                var row = Row(
                    t: Double(window.t), story: (Double(window.t) * timeScale).toThousandths,
                    attempts: window.attempts, answered: window.answered,
                    partsMs: Dictionary(uniqueKeysWithValues: parts))
                row.inFlight = window.inFlight?.finite
                row.expectedInFlight = window.expectedInFlight?.finite
                return row
            })
    }
}
