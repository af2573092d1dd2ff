package import Primitives

/// Reads one metric's samples, as a selector means them, out of one row of a run after another.
///
/// The same reader serves a rule while a run is on and after it. Attempts belong to the phase in
/// which they ended, intents to the one in which they arrived.
package struct MetricReader: Sendable {
    private let metric: ThresholdMetric
    private let source: Source
    private let facts: [PopulationFacts]
    private let phases: [PhaseFacts]
    /// Indices of populations.
    private let populations: [Int]
    private let step: String?
    private let status: String?
    private let expected: Bool?
    /// Indices of phases; nil for the whole run.
    private let wanted: Set<Int>?

    private enum Source: Sendable {
        case attempts
        case attemptsGood(isShare: Bool)
        case attemptsFailed
        case trend(HistogramSlot, censored: HistogramSlot?)
        case iterations
        case dropped
        case acceptedShare
        case bytesUp, bytesDown, retries
        case inFlight
        case outage
    }

    /// A reader.
    ///
    /// - Returns: nil when there is no such metric or phase, or when the tags ask for more than was
    ///   kept.
    package init?(
        metric name: String, tags: [String: String] = [:], phase: String? = nil,
        of manifest: RunManifest
    ) {
        guard let metric = ThresholdMetric.named(name), let source = Self.source(name) else {
            return nil
        }
        self.metric = metric
        self.source = source
        self.facts = manifest.populations
        self.phases = manifest.phases
        self.step = tags["name"]
        self.status = tags["status"]
        self.expected = tags["expected_response"].map { $0 == "true" }
        self.wanted = phase.map { name in
            Set(manifest.phases.indices.filter { manifest.phases[$0].name == name })
        }
        self.populations = manifest.populations.indices.filter { index in
            let facts = manifest.populations[index]
            return tags.allSatisfy { key, value in
                switch key {
                case "class": facts.trafficClass.rawValue == value
                case "scenario": facts.name == value
                case "name": facts.steps.contains(value)
                case "status", "expected_response": true
                default: facts.tags[key] == value
                }
            }
        }
        if let wanted = self.wanted, wanted.isEmpty { return nil }
        if metric.grain != .attempt, !self.isWholePopulations { return nil }
    }

    private static func source(_ metric: String) -> Source? {
        switch metric {
        case "http_reqs": .attempts
        case "goodput": .attemptsGood(isShare: false)
        case "checks": .attemptsGood(isShare: true)
        case "http_req_failed": .attemptsFailed
        case "http_req_duration": .trend(.service, censored: nil)
        case "http_req_response_time": .trend(.good, censored: .notGood)
        case "http_req_queue_time", "generator_lag": .trend(.lag, censored: nil)
        case "http_req_blocked": .trend(.timing(.lookup), censored: nil)
        case "http_req_connecting": .trend(.timing(.connect), censored: nil)
        case "http_req_tls_handshaking": .trend(.timing(.tls), censored: nil)
        case "http_req_sending": .trend(.timing(.send), censored: nil)
        case "http_req_waiting": .trend(.timing(.wait), censored: nil)
        case "http_req_receiving": .trend(.timing(.receive), censored: nil)
        case "iteration_duration": .trend(.intentTimes, censored: nil)
        case "iterations": .iterations
        case "dropped_iterations": .dropped
        case "intents_accepted": .acceptedShare
        case "data_sent": .bytesUp
        case "data_received": .bytesDown
        case "retries": .retries
        case "vus", "vus_max", "in_flight": .inFlight
        case "outage_duration", "recovery_time": .outage
        default: nil
        }
    }

    /// True when no population is wanted in part only.
    private var isWholePopulations: Bool {
        guard self.status == nil, self.expected == nil else { return false }
        guard let step = self.step else { return true }
        return self.populations.allSatisfy { index in
            self.facts[index].steps.allSatisfy { $0 == step }
        }
    }

    /// True when a row lies in the phase that is meant.
    package func covers(_ row: SecondRow) -> Bool { self.contains(second: row.second) }

    /// The samples of a row; nothing sampled is an empty sample.
    package func samples(of row: SecondRow) -> MetricSamples {
        switch self.source {
        case .attempts: return self.counter(row) { _ in true }
        case .attemptsGood(isShare: false): return self.counter(row) { $0.good }
        case .attemptsGood: return self.share(row) { $0.good }
        case .attemptsFailed: return self.share(row) { !$0.good }
        case .trend(let slot, let censored): return self.trend(row, slot, censored)
        case .iterations: return self.intents(row) { $0 != .dropped }
        case .dropped: return self.intents(row) { $0 == .dropped }
        case .acceptedShare: return self.acceptedShare(row)
        case .bytesUp: return self.sum(row) { $0.bytesUp }
        case .bytesDown: return self.sum(row) { $0.bytesDown }
        case .retries: return self.sum(row) { Int64($0.retriesStarted) }
        case .inFlight: return self.gauge(row)
        case .outage: return self.outage(row)
        }
    }

    /// Attempts and intents of a row's selection that ended: what makes a count of zero a fact.
    package func ended(in row: SecondRow) -> Int {
        self.attempts(row) { _ in true }
            + self.endings(row).values.reduce(0, +)
    }

    /// One number of the metric's samples; nil without samples.
    package func number(_ samples: MetricSamples, _ aggregation: MetricAggregation) -> Double? {
        switch (self.metric.name, samples) {
        case ("outage_duration", .outage(let span)): span.duration
        case ("recovery_time", .outage(let span)): span.recovery
        case ("vus_max", _): samples.aggregate(aggregation == .value ? .max : aggregation)
        default: samples.aggregate(aggregation)
        }
    }

    // MARK: - Selecting

    private func contains(second: Int) -> Bool {
        guard let wanted = self.wanted else { return true }
        return PhaseFacts.index(in: self.phases, second: second).map(wanted.contains) ?? false
    }

    /// The part of a row's seconds that lies in the phase.
    private func seconds(of row: SecondRow) -> Double {
        guard let wanted = self.wanted else { return Double(row.width) }
        return wanted.reduce(0) { sum, index in
            let phase = self.phases[index]
            return sum
                + max(0, min(phase.end, Double(row.end)) - max(phase.start, Double(row.second)))
        }
    }

    private func contains(_ key: PopulationSecond.AttemptKey, population: Int) -> Bool {
        guard key.outcome != .unfinished else { return false }
        if let status = self.status, key.outcome.name != status { return false }
        if let expected = self.expected, key.good != expected { return false }
        guard let step = self.step else { return true }
        let steps = self.facts[population].steps
        return steps.indices.contains(key.step) && steps[key.step] == step
    }

    private func forEach(_ row: SecondRow, _ body: (PopulationSecond) -> Void) {
        guard self.covers(row) else { return }
        for index in self.populations where index < row.populations.count {
            body(row.populations[index])
        }
    }

    private func attempts(
        _ row: SecondRow, _ counted: (PopulationSecond.AttemptKey) -> Bool
    ) -> Int {
        guard self.covers(row) else { return 0 }
        var sum = 0
        for index in self.populations where index < row.populations.count {
            for (key, count) in row.populations[index].attempts
            where self.contains(key, population: index) && counted(key) { sum += count }
        }
        return sum
    }

    /// Endings of the selected populations' intents, by phase of arrival.
    private func endings(_ row: SecondRow) -> [IntentEnding: Int] {
        var sums: [IntentEnding: Int] = [:]
        for index in self.populations where index < row.populations.count {
            for (key, count) in row.populations[index].intents
            where self.contains(second: key.arrivalSecond) {
                sums[key.ending, default: 0] += count
            }
        }
        return sums
    }

    // MARK: - By kind

    private func counter(
        _ row: SecondRow, _ counted: (PopulationSecond.AttemptKey) -> Bool
    ) -> MetricSamples {
        .counter(Int64(self.attempts(row, counted)), seconds: self.seconds(of: row))
    }

    private func share(
        _ row: SecondRow, _ counted: (PopulationSecond.AttemptKey) -> Bool
    ) -> MetricSamples {
        .share(self.attempts(row, counted), of: self.attempts(row) { _ in true })
    }

    private func trend(
        _ row: SecondRow, _ slot: HistogramSlot, _ censored: HistogramSlot?
    ) -> MetricSamples {
        var values = SparseHistogram()
        var slower = SparseHistogram()
        self.forEach(row) { counts in
            values.merge(counts[slot])
            if let censored { slower.merge(counts[censored]) }
        }
        return .trend(values, censored: slower)
    }

    private func intents(_ row: SecondRow, _ counted: (IntentEnding) -> Bool) -> MetricSamples {
        let sum = self.endings(row).reduce(0) { counted($1.key) ? $0 + $1.value : $0 }
        return .counter(Int64(sum), seconds: self.seconds(of: row))
    }

    private func acceptedShare(_ row: SecondRow) -> MetricSamples {
        let endings = self.endings(row)
        return .share(endings[.accepted] ?? 0, of: endings.values.reduce(0, +))
    }

    private func sum(_ row: SecondRow, _ value: (PopulationSecond) -> Int64) -> MetricSamples {
        var sum: Int64 = 0
        self.forEach(row) { sum += value($0) }
        return .counter(sum, seconds: self.seconds(of: row))
    }

    private func gauge(_ row: SecondRow) -> MetricSamples {
        guard self.covers(row) else { return .gauge([]) }
        var sum = 0
        self.forEach(row) { sum += $0.inFlight }
        return .gauge([Double(sum)])
    }

    private func outage(_ row: SecondRow) -> MetricSamples {
        .outage(
            OutageSpan(
                second: row.second, width: row.width, good: self.attempts(row) { $0.good },
                ended: self.attempts(row) { _ in true }))
    }
}
