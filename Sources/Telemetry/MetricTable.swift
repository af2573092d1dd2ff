package import Measurements
package import Primitives

/// Which run the metrics are of; labels of every series.
package struct RunLabels: Sendable, Hashable {
    /// The run's own name, k6's `testid`.
    package var run: String
    /// The scenario's base name.
    package var test: String
    /// The civil time of the run's second 0.
    package var start: WallTime
    /// The populations, by index.
    package var populations: [PopulationFacts]

    /// Labels of a run.
    package init(run: String, test: String, start: WallTime, populations: [PopulationFacts]) {
        self.run = run
        self.test = test
        self.start = start
        self.populations = populations
    }
}

/// Sums up windows and makes frames of them; pure.
///
/// A frame of a window costs a sort of each of its histograms, about 20 us each.
package struct MetricTable: Sendable {
    /// Which counter of a population.
    private enum Sum: Int, CaseIterable {
        case offered, started, retries, connections, sent, received, dropped, iterations, goodput

        var metric: TelemetryMetric {
            switch self {
            case .offered: .offered
            case .started: .started
            case .retries: .retries
            case .connections: .connections
            case .sent: .dataSent
            case .received: .dataReceived
            case .dropped: .droppedIterations
            case .iterations: .iterations
            case .goodput: .goodput
            }
        }
    }
    /// What is kept of a population.
    fileprivate struct Population: Sendable {
        var labels: [MetricSeries.Label]
        var steps: [String]
        /// In the order of `Sum`.
        var sums: [(series: MetricSeries, count: Int64)]
        /// By ending, in the order of the endings.
        var endings: [(series: MetricSeries, count: Int64)]
        var attempts: [(series: MetricSeries, count: Int64)] = []
        var places: [PopulationSecond.AttemptKey: Int] = [:]
        /// By metric; made once.
        var others: [TelemetryMetric: MetricSeries]
    }
    private let start: WallTime
    private var populations: [Population]
    private let generator: [TelemetryMetric: MetricSeries]

    /// A table in which nothing has been counted.
    package init(_ run: RunLabels) {
        self.start = run.start
        let common: [MetricSeries.Label] = [("test", run.test), ("testid", run.run)]
        self.populations = run.populations.map { facts in
            let labels: [MetricSeries.Label] =
                common + [("scenario", facts.name), ("class", facts.trafficClass.rawValue)]
            return Population(
                labels: labels, steps: facts.steps,
                sums: Sum.allCases.map { (MetricSeries($0.metric, labels), 0) },
                endings: IntentEnding.allCases.map {
                    (MetricSeries(.intents, labels + [("ending", $0.rawValue)]), 0)
                },
                others: Dictionary(
                    uniqueKeysWithValues: Self.windowed.map { ($0, MetricSeries($0, labels)) }))
        }
        self.generator = Dictionary(
            uniqueKeysWithValues: Self.ofGenerator.map { ($0, MetricSeries($0, common)) })
    }

    private static let windowed: [TelemetryMetric] = [
        .vus, .httpReqFailed, .checks, .httpReqDuration, .responseTime, .queueTime,
        .iterationDuration, .httpReqBlocked, .httpReqConnecting, .httpReqTLSHandshaking,
        .httpReqSending, .httpReqWaiting, .httpReqReceiving,
    ]
    private static let ofGenerator: [TelemetryMetric] = [
        .generatorCPU, .generatorLag, .generatorReference, .generatorLane, .generatorMemory,
        .generatorDescriptors,
    ]

    // MARK: - Counting

    /// Adds a window's counts.
    package mutating func count(_ row: SecondRow) {
        for index in self.populations.indices where index < row.populations.count {
            self.populations[index].count(row.populations[index])
        }
    }

    // MARK: - Frames

    /// The sums so far, with the gauges and times of a window; no point where it has no times.
    package func frame(of window: TelemetryWindow) -> MetricFrame {
        var points: [MetricPoint] = []
        for (index, population) in self.populations.enumerated() {
            for (series, count) in population.attempts {
                points.append(MetricPoint(series, .count(count)))
            }
            for (series, count) in population.sums + population.endings {
                points.append(MetricPoint(series, .count(count)))
            }
            if index < window.row.populations.count {
                population.append(window.row.populations[index], to: &points)
            }
        }
        if let sample = window.generator { self.append(sample, to: &points) }
        return MetricFrame(
            time: WallTime(milliseconds: self.start.milliseconds + Int64(window.row.end) * 1_000),
            start: self.start, points: points)
    }

    private func append(_ sample: GeneratorSample, to points: inout [MetricPoint]) {
        for metric in Self.ofGenerator {
            let value: Double? =
                switch metric {
                case .generatorCPU: sample.cpu
                case .generatorLag: sample.lagP99.map { $0 / 1_000 }
                case .generatorReference: sample.referenceP99.map { $0 / 1_000 }
                case .generatorLane: sample.busiestLane
                case .generatorMemory: Double(sample.memory)
                default: Double(sample.descriptors)
                }
            if let value, let series = self.generator[metric] {
                points.append(MetricPoint(series, .gauge(value)))
            }
        }
    }
}

extension MetricTable.Population {
    fileprivate mutating func count(_ second: PopulationSecond) {
        let unknown = second.attempts.keys
            .filter { $0.outcome != .unfinished && self.places[$0] == nil }
            .sorted {
                ($0.step, $0.outcome.name, $0.good ? 0 : 1)
                    < ($1.step, $1.outcome.name, $1.good ? 0 : 1)
            }
        for key in unknown {
            self.places[key] = self.attempts.count
            let step = self.steps.indices.contains(key.step) ? self.steps[key.step] : ""
            let labels: [MetricSeries.Label] =
                self.labels + [
                    ("name", step), ("outcome", key.outcome.name),
                    ("expected_response", key.good ? "true" : "false"),
                ]
            self.attempts.append((MetricSeries(.httpReqs, labels), 0))
        }
        var good = 0
        for (key, count) in second.attempts {
            guard let place = self.places[key] else { continue }
            self.attempts[place].count += Int64(count)
            if key.good { good += count }
        }
        var dropped = 0
        for (place, ending) in IntentEnding.allCases.enumerated() {
            let count = second.ended(ending)
            self.endings[place].count += Int64(count)
            if ending == .dropped { dropped = count }
        }
        let ended = second.intents.values.reduce(0, +)
        let counts: [Int64] = [
            Int64(second.offered), Int64(second.attemptsStarted), Int64(second.retriesStarted),
            Int64(second.connectionsOpened), second.bytesUp, second.bytesDown, Int64(dropped),
            Int64(ended - dropped), Int64(good),
        ]
        for (place, count) in counts.enumerated() { self.sums[place].count += count }
    }

    fileprivate func append(_ second: PopulationSecond, to points: inout [MetricPoint]) {
        func add(_ metric: TelemetryMetric, _ value: MetricPoint.Value?) {
            guard let value, let series = self.others[metric] else { return }
            points.append(MetricPoint(series, value))
        }
        add(.vus, .gauge(Double(second.inFlight)))
        var ended = 0
        for (key, count) in second.attempts where key.outcome != .unfinished { ended += count }
        if ended > 0 {
            let good = second.goodAttempts
            add(.httpReqFailed, .gauge(Double(ended - good) / Double(ended)))
            add(.checks, .gauge(Double(good) / Double(ended)))
        }
        add(.httpReqDuration, Self.trend(second.service))
        add(.responseTime, Self.trend(second.good, censored: second.notGood))
        add(.queueTime, Self.trend(second.lag))
        add(.iterationDuration, Self.trend(second.intentTimes))
        let parts: [(TelemetryMetric, RequestTiming)] = [
            (.httpReqBlocked, .lookup), (.httpReqConnecting, .connect),
            (.httpReqTLSHandshaking, .tls), (.httpReqSending, .send), (.httpReqWaiting, .wait),
            (.httpReqReceiving, .receive),
        ]
        for (metric, part) in parts {
            add(metric, second.timings[part].flatMap { Self.trend($0) })
        }
    }

    /// The figures of a histogram in seconds; nil without times.
    ///
    /// One sort for all of them. Ranks are those of `MetricSamples`, so that a collector and a
    /// threshold agree.
    private static func trend(
        _ values: SparseHistogram, censored: SparseHistogram = SparseHistogram()
    ) -> MetricPoint.Value? {
        let total = values.total + censored.total
        guard total > 0 else { return nil }
        let buckets = values.buckets
        var place = 0
        var seen = 0
        func figure(_ quantile: Double) -> Double {
            let rank = SparseHistogram.rank(quantile, of: total)
            while place < buckets.count, seen + buckets[place].count < rank {
                seen += buckets[place].count
                place += 1
            }
            guard place < buckets.count else { return .infinity }
            let highest = SparseHistogram.highestEquivalent(buckets[place].index)
            return Double(min(highest, values.maximum)) / 1_000_000
        }
        let figures = TrendFigures(
            p50: figure(0.5), p90: figure(0.9), p95: figure(0.95), p99: figure(0.99),
            max: Double(max(values.maximum, censored.maximum)) / 1_000_000)
        return .trend(figures)
    }
}
