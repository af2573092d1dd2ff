import Measurements
import Primitives

@testable import Telemetry

/// Frames and windows small enough to work their bytes out by hand.
enum FrameSamples {
    /// 2020-05-31T05:48:00Z.
    static let start = WallTime(milliseconds: 1_590_904_080_000)

    static let run = RunLabels(
        run: "tips-1", test: "Tips", start: start,
        populations: [
            PopulationFacts(
                name: "people", trafficClass: .genuine, executor: "constant-arrival-rate",
                steps: ["POST /v1/tips"], writes: true)
        ])

    /// One counter, one gauge, one trend whose 99th percentile is not known; one second in.
    static func frame(second: Int = 0, count: Int64 = 3) -> MetricFrame {
        MetricFrame(
            time: WallTime(milliseconds: start.milliseconds + Int64(second + 1) * 1_000),
            start: start,
            points: [
                MetricPoint(requests, .count(count)), MetricPoint(vus, .gauge(0.5)),
                MetricPoint(
                    times,
                    .trend(
                        TrendFigures(p50: 0.25, p90: 0.5, p95: 1, p99: .infinity, max: 2.5))),
            ])
    }

    private static let requests = MetricSeries(
        .httpReqs, [("scenario", "a b"), ("outcome", "201"), ("class", "")])
    private static let vus = MetricSeries(.vus, [("scenario", "x\"y\\z\n")])
    private static let times = MetricSeries(.responseTime, [("scenario", "s")])

    /// Microseconds as a histogram.
    static func histogram(_ values: [Int64]) -> SparseHistogram {
        var histogram = SparseHistogram()
        for value in values { histogram.record(value) }
        return histogram
    }

    /// A second of `people`: four attempts, two of them good.
    static func second(_ second: Int = 0) -> SecondRow {
        var counts = PopulationSecond()
        counts.offered = 5
        counts.attemptsStarted = 5
        counts.retriesStarted = 1
        counts.connectionsOpened = 4
        counts.bytesUp = 4_000
        counts.bytesDown = 800
        counts.inFlight = 2
        counts.attempts = [
            .init(step: 0, outcome: .status(201), good: true): 2,
            .init(step: 0, outcome: .status(503), good: false): 1,
            .init(step: 0, outcome: .failure(.refused), good: false): 1,
            .init(step: 0, outcome: .unfinished, good: false): 1,
        ]
        counts.intents = [
            .init(arrivalSecond: 0, ending: .accepted): 2,
            .init(arrivalSecond: 0, ending: .dropped): 1,
        ]
        counts.good = histogram([1_000, 2_000])
        counts.notGood = histogram([500, 700])
        counts.service = histogram([1_000, 1_500, 2_000])
        counts.lag = histogram([10, 20, 30, 40, 50])
        return SecondRow(second: second, populations: [counts])
    }
}

extension MetricFrame {
    /// The value of the series with that Prometheus name and these labels' values among its own.
    func value(_ name: String, _ wanted: [String: String] = [:]) -> MetricPoint.Value? {
        self.points.first { point in
            let labels = Dictionary(
                point.series.labels.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            return point.series.metric.prometheusName(statistic: 0) == name
                && wanted.allSatisfy { labels[$0.key] == $0.value }
        }?.value
    }
}
