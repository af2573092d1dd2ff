import Primitives

/// A finished run's metrics by k6's names, for thresholds.
///
/// Attempts belong to the phase in which they ended, intents to the one in which they arrived.
/// Parts of requests are kept per ten seconds, so a phase's share of them is as exact as that.
package struct MetricStore: Sendable {
    /// The names this store answers.
    package static let names: [String] = [
        "http_reqs", "http_req_duration", "http_req_response_time", "http_req_queue_time",
        "http_req_waiting", "http_req_connecting", "http_req_tls_handshaking",
        "http_req_sending", "http_req_receiving", "http_req_blocked", "http_req_failed",
        "data_sent", "data_received", "iterations", "iteration_duration", "dropped_iterations",
        "checks", "retries", "goodput", "in_flight", "intents_accepted",
    ]
    private let record: RunRecord

    /// The metrics of a record.
    package init(record: RunRecord) {
        self.record = record
    }

    /// A metric's samples, of the whole run or of one phase.
    ///
    /// Tags: `class`, `scenario` (the population), `name` (the step), `status` (the outcome's name)
    /// and a population's own. Times are kept per population: a `name` selects them only where it
    /// is the population's only step, `status` never. Costs a pass over the run's seconds.
    /// - Returns: nil when there is no such metric or phase, or when the tags ask for more than was
    ///   kept.
    package func values(
        metric: String, tags: [String: String] = [:], phase: String? = nil
    ) -> MetricSamples? {
        guard MetricStore.names.contains(metric) else { return nil }
        let phases = self.record.manifest.phases
        let wanted = phase.map { name in phases.indices.filter { phases[$0].name == name } }
        if let wanted, wanted.isEmpty { return nil }
        let selection = Selection(self.record, tags: tags, phases: wanted)
        if let timed = MetricStore.histogram(metric) {
            guard selection.isWholePopulations else { return nil }
            return selection.trend(timed.slot, censored: timed.censored)
        }
        switch metric {
        case "http_reqs": return selection.counter { $0.outcome != .unfinished }
        case "goodput": return selection.counter { $0.good }
        case "http_req_failed":
            return selection.share { !$0.good }
        case "checks": return selection.share { $0.good }
        case "iterations": return selection.intents { $0 != .dropped }
        case "dropped_iterations": return selection.intents { $0 == .dropped }
        case "intents_accepted": return selection.acceptedShare()
        default: break
        }
        guard selection.isWholePopulations else { return nil }
        switch metric {
        case "data_sent": return selection.sum { $0.bytesUp }
        case "data_received": return selection.sum { $0.bytesDown }
        case "retries": return selection.sum { Int64($0.retriesStarted) }
        default: return selection.gauge { Double($0.inFlight) }
        }
    }

    private static func histogram(
        _ metric: String
    ) -> (slot: HistogramSlot, censored: HistogramSlot?)? {
        switch metric {
        case "http_req_duration": (.service, nil)
        case "http_req_response_time": (.good, .notGood)
        case "http_req_queue_time": (.lag, nil)
        case "http_req_blocked": (.timing(.lookup), nil)
        case "http_req_connecting": (.timing(.connect), nil)
        case "http_req_tls_handshaking": (.timing(.tls), nil)
        case "http_req_sending": (.timing(.send), nil)
        case "http_req_waiting": (.timing(.wait), nil)
        case "http_req_receiving": (.timing(.receive), nil)
        case "iteration_duration": (.intentTimes, nil)
        default: nil
        }
    }
}

/// The populations, steps and phases that a threshold's selector means.
private struct Selection {
    private let record: RunRecord
    /// Indices of populations.
    private let populations: [Int]
    private let step: String?
    private let status: String?
    private let phases: [Int]?

    init(_ record: RunRecord, tags: [String: String], phases: [Int]?) {
        self.record = record
        self.step = tags["name"]
        self.status = tags["status"]
        self.phases = phases
        let facts = record.manifest.populations
        self.populations = facts.indices.filter { index in
            tags.allSatisfy { key, value in
                switch key {
                case "class": facts[index].trafficClass.rawValue == value
                case "scenario": facts[index].name == value
                case "name": facts[index].steps.contains(value)
                case "status": true
                default: facts[index].tags[key] == value
                }
            }
        }
    }

    /// True when no population is wanted in part only.
    var isWholePopulations: Bool {
        guard self.status == nil else { return false }
        guard let step = self.step else { return true }
        return self.populations.allSatisfy { index in
            self.record.manifest.populations[index].steps.allSatisfy { $0 == step }
        }
    }

    /// The wall seconds the selection covers.
    private var seconds: Double {
        guard let phases = self.phases else {
            return Double(self.record.seconds.last?.end ?? 0)
        }
        return phases.reduce(0) { sum, index in
            let phase = self.record.manifest.phases[index]
            return sum + phase.end - phase.start
        }
    }

    private func contains(second: Int) -> Bool {
        guard let phases = self.phases else { return true }
        return PhaseFacts.index(in: self.record.manifest.phases, second: second).map {
            phases.contains($0)
        } ?? false
    }

    private func contains(_ key: PopulationSecond.AttemptKey, population: Int) -> Bool {
        if let status = self.status, key.outcome.name != status { return false }
        guard let step = self.step else { return true }
        let steps = self.record.manifest.populations[population].steps
        return steps.indices.contains(key.step) && steps[key.step] == step
    }

    private func forEach(_ body: (_ population: Int, _ counts: PopulationSecond) -> Void) {
        for row in self.record.seconds where self.contains(second: row.second) {
            for index in self.populations where index < row.populations.count {
                body(index, row.populations[index])
            }
        }
    }

    func trend(_ slot: HistogramSlot, censored: HistogramSlot?) -> MetricSamples {
        var values = SparseHistogram()
        var slower = SparseHistogram()
        self.forEach { _, counts in
            values.merge(counts[slot])
            if let censored { slower.merge(counts[censored]) }
        }
        return .trend(values, censored: slower)
    }

    func counter(_ counted: (PopulationSecond.AttemptKey) -> Bool) -> MetricSamples {
        var sum = 0
        self.forEach { index, counts in
            for (key, count) in counts.attempts
            where counted(key) && self.contains(key, population: index) { sum += count }
        }
        return .counter(Int64(sum), seconds: self.seconds)
    }

    func share(_ counted: (PopulationSecond.AttemptKey) -> Bool) -> MetricSamples {
        var part = 0
        var whole = 0
        self.forEach { index, counts in
            for (key, count) in counts.attempts
            where key.outcome != .unfinished && self.contains(key, population: index) {
                whole += count
                if counted(key) { part += count }
            }
        }
        return .share(part, of: whole)
    }

    /// Endings of the selected populations' intents, by phase of arrival.
    private func endings() -> [IntentEnding: Int] {
        var sums: [IntentEnding: Int] = [:]
        for row in self.record.seconds {
            for index in self.populations where index < row.populations.count {
                for (key, count) in row.populations[index].intents
                where self.contains(second: key.arrivalSecond) {
                    sums[key.ending, default: 0] += count
                }
            }
        }
        return sums
    }

    func intents(_ counted: (IntentEnding) -> Bool) -> MetricSamples {
        let sum = self.endings().reduce(0) { counted($1.key) ? $0 + $1.value : $0 }
        return .counter(Int64(sum), seconds: self.seconds)
    }

    func acceptedShare() -> MetricSamples {
        let endings = self.endings()
        return .share(endings[.accepted] ?? 0, of: endings.values.reduce(0, +))
    }

    func sum(_ value: (PopulationSecond) -> Int64) -> MetricSamples {
        var sum: Int64 = 0
        self.forEach { _, counts in sum += value(counts) }
        return .counter(sum, seconds: self.seconds)
    }

    func gauge(_ value: (PopulationSecond) -> Double) -> MetricSamples {
        var values: [Double] = []
        for row in self.record.seconds where self.contains(second: row.second) {
            values.append(
                self.populations.reduce(0) {
                    $1 < row.populations.count ? $0 + value(row.populations[$1]) : $0
                })
        }
        return .gauge(values)
    }
}
