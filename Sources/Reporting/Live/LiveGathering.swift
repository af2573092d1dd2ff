import Diagnosis
package import Measurements
package import Primitives

/// Gathers a running run's rows into what the live view shows.
///
/// Pure; costs a few milliseconds a second, off the load's path.
package struct LiveGathering: Sendable {
    /// Seconds of the charts.
    private static let historyLimit = 600
    /// Seconds whose answers make the percentiles.
    private static let window = 5

    /// What runs; its phases move when an operator moves them.
    package private(set) var manifest: RunManifest
    private var watch: ThresholdWatch
    private var state = LiveState()
    /// The newest rows, for percentiles.
    private var recent: [SecondRow] = []
    /// What the generator is judged by.
    private var seconds: [GeneratorSecond] = []
    private var samples: [GeneratorSample] = []
    private var outcomes: [String: LiveState.OutcomeLine] = [:]

    /// Nothing gathered yet.
    package init(manifest: RunManifest, rules: [ThresholdRule]) {
        self.manifest = manifest
        self.watch = ThresholdWatch(rules: rules, manifest: manifest)
        self.state.name = manifest.scenario
        self.state.timeScale = manifest.timeScale
        self.state.descriptorLimit = manifest.host.descriptors
        self.state.ports = manifest.host.localPorts
        self.state.populations = manifest.populations.map {
            var load = LiveState.Load()
            load.name = $0.name
            return load
        }
        self.state.thresholds = self.watch.results.map(Self.threshold)
    }

    /// An operator moved what was planned.
    package mutating func move(to manifest: RunManifest) {
        self.manifest = manifest
        self.watch.move(to: manifest)
    }

    /// The present, without clock and operator.
    package var present: LiveState { self.state }

    /// A second of the whole run.
    package mutating func add(_ row: SecondRow) {
        self.recent.append(row)
        if self.recent.count > Self.window { self.recent.removeFirst() }
        self.watch.add(row)
        self.count(row)
        self.seconds.append(GeneratorSecond(row))
        self.judgeGenerator()
        self.state.thresholds = self.watch.results.map(Self.threshold)
    }

    /// The generator's health in a second.
    package mutating func add(_ sample: GeneratorSample) {
        var sample = sample
        sample.reference = nil
        self.state.cpu = sample.cpu
        self.state.lag = sample.lagP99
        self.state.descriptors = sample.descriptors
        self.state.waitingPorts = sample.timeWait
        self.samples.append(sample)
    }

    /// What happened: the newest is the remark.
    package mutating func add(_ event: RunEvent) {
        self.state.remark = "\(ReportText.clock(event.t)) \(event.kind): \(event.label)"
    }

    /// Something to tell that belongs into no timeline.
    package mutating func add(note: String) {
        self.state.remark = note
    }

    // MARK: - Load

    private mutating func count(_ row: SecondRow) {
        var all = LiveState.Load()
        for name in self.outcomes.keys { self.outcomes[name]?.now = 0 }
        for (index, population) in row.populations.enumerated()
        where self.state.populations.indices.contains(index) {
            let done = population.attempts.reduce(0) {
                $1.key.outcome == .unfinished ? $0 : $0 + $1.value
            }
            var load = self.state.populations[index]
            load.offered = population.offered
            load.done = done
            load.good = population.goodAttempts
            load.dropped += population.drops.values.reduce(0, +)
            load.inFlight = population.inFlight
            load.times = Self.times(self.recent.map { $0.populations[index] })
            self.state.populations[index] = load
            all.offered += load.offered
            all.done += load.done
            all.good += load.good
            all.inFlight += load.inFlight
            for (key, count) in population.attempts where key.outcome != .unfinished {
                self.note(key, count)
            }
        }
        all.dropped = self.state.populations.reduce(0) { $0 + $1.dropped }
        all.times = Self.times(self.recent.flatMap(\.populations))
        self.state.all = all
        self.state.outcomes = self.outcomes.values.sorted {
            ($1.now, $1.total, $0.name) < ($0.now, $0.total, $1.name)
        }
        self.keep(row, all)
    }

    private mutating func note(_ key: PopulationSecond.AttemptKey, _ count: Int) {
        let name = key.outcome.group
        var line = self.outcomes[name] ?? LiveState.OutcomeLine(name: name)
        line.now += count
        line.total += count
        if !key.good { line.isBad = true }
        self.outcomes[name] = line
    }

    private mutating func keep(_ row: SecondRow, _ all: LiveState.Load) {
        self.state.offeredHistory.append(Double(all.offered))
        self.state.goodHistory.append(Double(all.good))
        self.state.p99History.append(Self.times(row.populations).p99?.milliseconds)
        guard self.state.goodHistory.count > Self.historyLimit else { return }
        self.state.offeredHistory.removeFirst()
        self.state.goodHistory.removeFirst()
        self.state.p99History.removeFirst()
    }

    /// The percentiles of some seconds; attempts without a good answer rank slowest.
    static func times(_ seconds: [PopulationSecond]) -> LiveState.Times {
        var good = SparseHistogram()
        var notGood = SparseHistogram()
        var service = SparseHistogram()
        for second in seconds {
            good.merge(second.good)
            notGood.merge(second.notGood)
            service.merge(second.service)
        }
        let total = good.total + notGood.total
        func value(_ quantile: Double) -> LiveState.Times.Value? {
            guard total > 0 else { return nil }
            let rank = SparseHistogram.rank(quantile, of: total)
            if let value = good.value(atRank: rank) { return .init(Double(value) / 1_000) }
            let least = max(good.maximum, notGood.maximum)
            return .init(Double(least) / 1_000, isLeast: true)
        }
        var times = LiveState.Times()
        times.p50 = value(0.5)
        times.p95 = value(0.95)
        times.p99 = value(0.99)
        if good.total > 0 { times.max = .init(Double(good.maximum) / 1_000) }
        times.serviceP99 = service.value(atQuantile: 0.99).map { .init(Double($0) / 1_000) }
        return times
    }

    // MARK: - Judging

    private static func threshold(_ result: ThresholdResult) -> LiveState.Threshold {
        let rule = result.rule
        let name = rule.name.map { "\($0): " } ?? ""
        return LiveState.Threshold(
            text: "\(name)\(rule.selector) \(rule.conditions)",
            value: result.value.map { ReportText.number($0) } ?? "",
            isKept: result.state == .noSamples ? nil : result.ok)
    }

    /// By the same rules as the report, V1 and V2; a pass over all seconds, so in long runs every
    /// tenth second only.
    private mutating func judgeGenerator() {
        guard self.seconds.count <= 900 || self.seconds.count % 10 == 0 else { return }
        let facts = GeneratorFacts(
            seconds: self.seconds, samples: self.samples, host: self.manifest.host,
            phases: self.manifest.phases,
            length: Int(self.manifest.plannedSeconds.rounded(.up)),
            isLoopback: GeneratorFacts.isLoopback(self.manifest.target))
        self.state.invalidity = GeneratorJudgement(facts).limit?.summary
    }
}
