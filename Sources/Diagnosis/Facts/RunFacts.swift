import Measurements
import Primitives

/// A record turned into per-second vectors: what every detector reads.
///
/// Covers the planned seconds; the drain after the last arrival is left out. Rates count only the
/// requests that load the server's bottleneck, because a health probe answered in a millisecond
/// uses none of the capacity that is measured.
struct RunFacts: Sendable {
    /// A request of a flow.
    struct StepID: Hashable, Sendable {
        var population: Int
        var step: Int
    }
    /// What happened in one second, over the requests that load the server.
    struct Second: Sendable {
        /// Attempts started.
        var attempts = 0.0
        /// Of which retries.
        var retries = 0.0
        /// Attempts that ended, generator faults left out.
        var done = 0.0
        /// Of which good.
        var good = 0.0
        /// Of which ran into the client's own deadline after connecting.
        var timeouts = 0.0
        /// Of which got no connection.
        var unconnected = 0.0
        /// Of which were answered with 429 or 5xx.
        var refusals = 0.0
        /// Of which found nobody listening.
        var refused = 0.0
        /// Of which a gateway answered, with 502: it found nobody listening, or was cut.
        var badGateway = 0.0
        /// Of which were cut while they were under way: reset, or closed without an answer.
        var cut = 0.0
        /// Body bytes sent.
        var bytesUp = 0.0
        /// Attempts of the requests that do not load the server, ended.
        var cheapDone = 0.0
        /// Of which good.
        var cheapGood = 0.0
        /// Intents between arrival and end at the second's end.
        var inFlight = 0.0
        /// The 95th percentile of response in milliseconds, attempts not good ranked slowest.
        var p95: Double?
        /// The median of the same.
        var p50: Double?
        /// The median of good attempts alone.
        var goodP50: Double?
        /// The 95th percentile of parts of a request, where they ran often enough.
        var connectP95: Double?
        var tlsP95: Double?
        var waitP95: Double?
    }
    /// Genuine or noise intents of one second of arrival.
    struct Arrivals: Sendable {
        /// Arrived and ended by the server's or the person's doing.
        var judged = 0
        /// Of which accepted.
        var accepted = 0
    }

    /// The record itself.
    let record: RunRecord
    /// What the generator is judged by.
    let generator: GeneratorFacts
    /// The index of each second's row in the record: a row may cover several.
    let rowOf: [Int]
    /// Whole planned seconds that were recorded.
    let length: Int
    /// The seconds.
    let seconds: [Second]
    /// Requests that load the server.
    let loadedSteps: Set<StepID>
    /// Populations with such requests.
    let loadedPopulations: [Int]
    /// True in seconds of an announced maintenance.
    let maintenance: [Bool]
    /// Lateness of the schedule, second by second.
    let lateness: [Lateness]
    /// Intents by second of arrival and class.
    let arrivals: [TrafficClass: [Arrivals]]
    /// The operator's first interventions, in seconds; maintenance phases included.
    let interventions: [Double]
    /// Retries a client of these populations makes at most.
    let retries: Int

    /// Retries per first try while everything fails: `retries`, or what a budget grants.
    var retriesPerRequest: Double {
        let populations = self.record.manifest.populations
        return self.loadedPopulations.filter(populations.indices.contains).map {
            populations[$0].retriesPerRequest ?? Double(populations[$0].retries)
        }.max() ?? 0
    }

    /// Transforms a record; costs one pass over its histograms.
    init(_ record: RunRecord) {
        self.record = record
        self.generator = GeneratorFacts(record)
        self.length = self.generator.length
        self.rowOf = Array(
            record.seconds.enumerated().flatMap { index, row in
                Array(repeating: index, count: row.width)
            }.prefix(self.length))
        let rows = self.rowOf.map { record.seconds[$0] }
        self.maintenance = RunFacts.maintenance(record.manifest.phases, length: self.length)
        let loaded = RunFacts.loadedSteps(record, rows: rows, maintenance: self.maintenance)
        self.loadedSteps = loaded
        self.loadedPopulations = Set(loaded.map(\.population)).sorted()
        self.seconds = rows.map { RunFacts.second($0, loaded: loaded) }
        self.lateness = Lateness.classify(self.generator)
        self.arrivals = RunFacts.arrivals(record, length: self.length)
        self.interventions = RunFacts.interventions(record)
        self.retries =
            loaded.compactMap { id in
                record.manifest.populations.indices.contains(id.population)
                    ? record.manifest.populations[id.population].retries : nil
            }.max() ?? 0
    }

    /// True when a second may serve for fitting: no maintenance, on schedule.
    func isClean(_ second: Int) -> Bool {
        !self.maintenance[second] && self.lateness[second] == .onTime
    }

    /// True when somewhere a row covers more than a second.
    var hasWideRows: Bool { self.record.seconds.contains { $0.width > 1 } }

    /// The rows of a stretch of seconds; nil when one of them covers more than a second.
    func rows(_ range: Range<Int>) -> [SecondRow]? {
        let rows = range.map { self.record.seconds[self.rowOf[$0]] }
        return rows.allSatisfy { $0.width == 1 } ? rows : nil
    }

    /// The second of the operator's first intervention after a second; nil without one.
    func intervention(after second: Int) -> Int? {
        self.interventions.first { $0 > Double(second) }.map { min(self.length, Int($0)) }
    }

    /// Attempts per second around a second: the mean of up to 5 s that end with it.
    func load(at second: Int) -> Double {
        guard self.length > 0 else { return 0 }
        let last = min(max(0, second), self.length - 1)
        let first = max(0, last - 4)
        return mean(self.seconds[first...last].map(\.attempts)) ?? 0
    }

    /// Attempts per second of a stretch without retries; 0 of nothing.
    ///
    /// What fails is tried again, and is no crowd for that.
    func freshLoad(_ range: Range<Int>) -> Double {
        let seconds = range.clamped(to: 0..<self.length)
        guard !seconds.isEmpty else { return 0 }
        let sum = self.total(seconds, \.attempts) - self.total(seconds, \.retries)
        return sum / Double(seconds.count)
    }

    /// The sums of a stretch of seconds, maintenance left out.
    func total(_ range: Range<Int>, _ value: (Second) -> Double) -> Double {
        range.clamped(to: 0..<self.length).reduce(0.0) { sum, second in
            self.maintenance[second] ? sum : sum + value(self.seconds[second])
        }
    }
}

// MARK: - The transforms

extension RunFacts {
    private static func maintenance(_ phases: [PhaseFacts], length: Int) -> [Bool] {
        var mask = Array(repeating: false, count: length)
        for phase in phases where phase.kind == .maintenance {
            let first = max(0, Int(phase.start.rounded(.down)))
            let end = min(length, Int(phase.end.rounded(.up)))
            for second in first..<max(first, end) { mask[second] = true }
        }
        return mask
    }

    private static func interventions(_ record: RunRecord) -> [Double] {
        let phases = record.manifest.phases.filter { $0.kind == .maintenance }.map(\.start)
        let kinds: Set<String> = ["mitigation", "operator"]
        let planned = record.manifest.timeline.filter { kinds.contains($0.kind) }.map(\.at)
        // A remark changes nothing.
        let seen = record.events.filter { kinds.contains($0.kind) && $0.action != .note }.map(\.t)
        return (phases + planned + seen).sorted()
    }

    /// Finds the requests that share the server's bottleneck.
    ///
    /// Where seconds went bad: the requests that went bad in them. Where none did, or where those
    /// had hardly been sent before and so have nothing to be compared with: all requests of the
    /// populations that ask the server to keep something, too.
    private static func loadedSteps(
        _ record: RunRecord, rows: [SecondRow], maintenance: [Bool]
    ) -> Set<StepID> {
        var bad: [StepID: (done: Int, good: Int)] = [:]
        var badSeconds = 0
        var early: [StepID: Int] = [:]
        for (second, row) in rows.enumerated() where !maintenance[second] {
            let counts = RunFacts.counts(row)
            let done = counts.values.reduce(0) { $0 + $1.done }
            let good = counts.values.reduce(0) { $0 + $1.good }
            guard done >= 10, Double(good) < 0.9 * Double(done) else {
                if badSeconds == 0 { early.merge(counts.mapValues(\.done), uniquingKeysWith: +) }
                continue
            }
            badSeconds += 1
            for (id, count) in counts {
                bad[id, default: (0, 0)].done += count.done
                bad[id, default: (0, 0)].good += count.good
            }
        }
        let facts = record.manifest.populations
        var failed: Set<StepID> = []
        if badSeconds >= 3 {
            let failing = bad.filter { id, count in
                facts.indices.contains(id.population)
                    && facts[id.population].trafficClass != .probe && count.done >= 10
                    && Double(count.good) < 0.9 * Double(count.done)
            }
            failed = failing.keys.reduce(into: []) { $0.formUnion(self.namesakes($1, facts)) }
            let before = failed.reduce(0) { $0 + (early[$1] ?? 0) }
            if !failed.isEmpty, before >= 200 { return failed }
        }
        let people = facts.indices.filter { facts[$0].trafficClass != .probe }
        let writing = people.filter { facts[$0].writes }
        var all = failed
        for population in writing.isEmpty ? people : writing {
            for step in facts[population].steps.indices {
                all.insert(StepID(population: population, step: step))
            }
        }
        return all
    }

    /// The steps of a population that carry a step's name: one request to those who read reports.
    ///
    /// Of tips to one address some may hold a video and some not. What goes on being taken there
    /// tells a full disk from an endpoint that is switched off.
    private static func namesakes(_ id: StepID, _ facts: [PopulationFacts]) -> Set<StepID> {
        let steps = facts[id.population].steps
        guard steps.indices.contains(id.step) else { return [id] }
        let same = steps.indices.filter { steps[$0] == steps[id.step] }
        return Set(same.map { StepID(population: id.population, step: $0) })
    }

    private static func counts(_ row: SecondRow) -> [StepID: (done: Int, good: Int)] {
        var counts: [StepID: (done: Int, good: Int)] = [:]
        for (population, second) in row.populations.enumerated() {
            for (key, count) in second.attempts where key.outcome.judgesServer {
                let id = StepID(population: population, step: key.step)
                counts[id, default: (0, 0)].done += count
                if key.good { counts[id, default: (0, 0)].good += count }
            }
        }
        return counts
    }

    private static func second(_ row: SecondRow, loaded: Set<StepID>) -> Second {
        var result = Second()
        // A row of several seconds gives each its even share.
        let share = 1 / Double(max(1, row.width))
        var good = SparseHistogram()
        var notGood = SparseHistogram()
        var parts: [RequestTiming: SparseHistogram] = [:]
        for (population, second) in row.populations.enumerated() {
            var cheap = 0
            let isLoaded = loaded.contains { $0.population == population }
            for (key, count) in second.attempts {
                let here = loaded.contains(StepID(population: population, step: key.step))
                if !here { cheap += count }
                result.count(key, share * Double(count), loaded: here)
            }
            guard isLoaded else { continue }
            // Cheap requests end in the second they start in, so what ended of them is what
            // started of them; the rest of the starts is the bottleneck's load.
            result.attempts += share * Double(max(0, second.attemptsStarted - cheap))
            result.retries += share * Double(second.retriesStarted)
            result.inFlight += Double(second.inFlight)
            result.bytesUp += share * Double(second.bytesUp)
            good.merge(second.good)
            notGood.merge(second.notGood)
            for part in [RequestTiming.connect, .tls, .wait] {
                if let spans = second.timings[part] { parts[part, default: .init()].merge(spans) }
            }
        }
        result.connectP95 = parts[.connect]?.milliseconds(0.95)
        result.tlsP95 = parts[.tls]?.milliseconds(0.95)
        result.waitP95 = parts[.wait]?.milliseconds(0.95)
        result.p50 = RunFacts.percentile(0.50, good, notGood, atLeast: 5)
        result.goodP50 = RunFacts.percentile(0.50, good, SparseHistogram(), atLeast: 5)
        result.p95 = RunFacts.percentile(0.95, good, notGood, atLeast: 10)
        return result
    }

    /// A percentile in milliseconds over all attempts that ended, those not good ranked slowest.
    ///
    /// Where the rank falls among them the longest time seen stands for it: a lower bound.
    private static func percentile(
        _ share: Double, _ good: SparseHistogram, _ notGood: SparseHistogram, atLeast: Int
    ) -> Double? {
        let total = good.total + notGood.total
        guard total >= atLeast else { return nil }
        let rank = Int((share * Double(total)).rounded(.up))
        if let value = good.value(atRank: rank) { return Double(value) / 1_000 }
        return Double(max(good.maximum, notGood.maximum)) / 1_000
    }

    private static func arrivals(
        _ record: RunRecord, length: Int
    ) -> [TrafficClass: [Arrivals]] {
        var result: [TrafficClass: [Arrivals]] = [:]
        let facts = record.manifest.populations
        // All rows, the drain included: an intent is judged by its arrival, whenever it ends.
        for row in record.seconds {
            for (population, second) in row.populations.enumerated()
            where facts.indices.contains(population) {
                let name = facts[population].trafficClass
                for (key, count) in second.intents
                where key.ending != .dropped && key.ending != .unfinished {
                    guard (0..<length).contains(key.arrivalSecond) else { continue }
                    if result[name] == nil {
                        result[name] = Array(repeating: Arrivals(), count: length)
                    }
                    result[name]?[key.arrivalSecond].judged += count
                    if key.ending == .accepted {
                        result[name]?[key.arrivalSecond].accepted += count
                    }
                }
            }
        }
        return result
    }
}

extension RunFacts.Second {
    /// Counts attempts that ended.
    mutating func count(_ key: PopulationSecond.AttemptKey, _ number: Double, loaded: Bool) {
        guard key.outcome.judgesServer else { return }
        guard loaded else {
            self.cheapDone += number
            if key.good { self.cheapGood += number }
            return
        }
        self.done += number
        if key.good { self.good += number }
        switch key.outcome {
        case .status(let code) where code == 429 || code >= 500: self.refusals += number
        case .failure(let failure) where failure.isBeforeConnection: self.unconnected += number
        case .failure(let failure) where failure.isTimeout: self.timeouts += number
        default: break
        }
        switch key.outcome {
        case .failure(.refused): self.refused += number
        case .status(502): self.badGateway += number
        case .failure(.emptyReply), .failure(.receiveReset), .failure(.sendReset):
            self.cut += number
        default: break
        }
    }
}

extension Outcome {
    /// False for what says nothing about the server: our own faults, a phone that hung up or lost
    /// its network because the scenario said so, and the run's end.
    var judgesServer: Bool {
        switch self {
        case .unfinished: false
        case .failure(let failure):
            !failure.isGeneratorFault && !failure.isNetworkFault && failure != .aborted
        case .status: true
        }
    }
}
