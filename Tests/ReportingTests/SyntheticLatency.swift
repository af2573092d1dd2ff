@testable import Reporting

/// The tails, maps and parts of synthetic reports, by formula.
enum SyntheticLatency {
    /// Adds the percentiles that lie beside p50 and p99, service times and retries.
    static func add(to row: inout Report.SeriesRow, index: Int, isCollapsed: Bool) {
        row.p90 = row.p99 == nil ? nil : 29 + Double(index % 11)
        row.p999 = row.p99.map { $0 * 1.7 }
        row.max = row.p50.map { $0 * 90 }
        var service = Report.Percentiles()
        if row.done > 0 {
            service.p50 = 18 + Double(index % 6)
            service.p90 = 24 + Double(index % 9)
            service.p99 = 31 + Double(index % 13)
            service.p999 = 47.5
            service.max = 212.25
        }
        row.serviceMs = service
        row.retries = isCollapsed ? row.attempts / 5 : 0
    }

    /// Adds the heatmap, the breakdown and the phases' distributions.
    static func add(to report: inout Report) {
        report.heatmap = self.heatmap(report.series)
        report.breakdown = self.breakdown(report.series, report.run.timeScale)
        for index in report.phases.indices {
            let intents = report.phases[index].classes.values.reduce(0) { $0 + $1.intents }
            let accepted = report.phases[index].classes.values.reduce(0) { $0 + $1.accepted }
            guard intents > 0 else { continue }
            var points: [Report.Distribution.Point] = []
            var oneIn = 1.0
            while oneIn < Double(intents), (1 - 1 / oneIn) * Double(intents) < Double(accepted) {
                points.append(.init(oneIn: oneIn, ms: 12 * Double(points.count + 1 + index)))
                oneIn *= 1.25
            }
            report.phases[index].distribution = .init(
                total: intents, good: accepted, points: points)
        }
    }

    /// Forty bands from 1 ms to 10 s: good answers spread over eight, the rest lie at 5 s.
    private static func heatmap(_ rows: [Report.SeriesRow]) -> Report.Heatmap? {
        guard !rows.isEmpty else { return nil }
        let merged = (rows.count + 599) / 600
        let edges = (0...40).map { step in
            var edge = 1.0
            for _ in 0..<(step / 10) { edge *= 10 }
            return edge
                * [1, 1.259, 1.585, 1.995, 2.512, 3.162, 3.981, 5.012, 6.31, 7.943][
                    step % 10]
        }
        let columns = stride(from: 0, to: rows.count, by: merged).map { start in
            let group = rows[start..<min(start + merged, rows.count)]
            let good = group.reduce(0) { $0 + $1.good }
            let rest = group.reduce(0) { $0 + $1.done } - good
            guard good + rest > 0 else {
                return Report.Heatmap.Column(t: rows[start].t, first: 0, counts: [])
            }
            var counts = (0..<8).map { good / (2 + ($0 + start) % 8 * 3) }
            counts += [Int](repeating: 0, count: 17) + [rest]
            return Report.Heatmap.Column(t: rows[start].t, first: 12, counts: counts)
        }
        return Report.Heatmap(columnSeconds: Double(merged), edgesMs: edges, columns: columns)
    }

    private static func breakdown(
        _ rows: [Report.SeriesRow], _ timeScale: Double
    ) -> Report.Breakdown? {
        guard !rows.isEmpty else { return nil }
        let windows = stride(from: 0, to: rows.count, by: 10).map { start in
            let group = rows[start..<min(start + 10, rows.count)]
            let attempts = group.reduce(0) { $0 + $1.done }
            let good = group.reduce(0) { $0 + $1.good }
            var row = Report.Breakdown.Row(
                t: Double(start), story: Double(start) * timeScale, attempts: attempts,
                answered: attempts,
                partsMs: attempts == 0
                    ? [:]
                    : [
                        "connect": 0.4, "send": 0.8 + Double(start % 7),
                        "wait": 19 + Double(start % 90), "receive": 1.25,
                    ])
            let level = group.reduce(0) { $0 + $1.inFlight }
            row.inFlight = Double(level) / Double(group.count)
            row.expectedInFlight = good == attempts ? Double(attempts) * 0.0023 : nil
            return row
        }
        return Report.Breakdown(rowSeconds: 10, rows: windows)
    }
}
