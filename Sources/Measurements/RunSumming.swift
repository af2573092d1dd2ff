package import Primitives

/// Adds a run's seconds up, by class and by phase.
struct RunSumming {
    /// The counts of one class, of the run or of a phase.
    private struct Tally {
        var endings = RunSummary.Endings()
        var attempts = PopulationSecond()
    }
    private let classOf: [TrafficClass]
    private let phases: [PhaseFacts]
    private(set) var totals = RunSummary.Totals()
    private(set) var outcomes: [String: Int] = [:]
    private(set) var lag = SparseHistogram()
    private var run: [TrafficClass: Tally] = [:]
    private var byPhase: [[TrafficClass: Tally]]

    init(_ record: RunRecord) {
        self.classOf = record.manifest.populations.map(\.trafficClass)
        self.phases = record.manifest.phases
        let blank = Dictionary(
            self.classOf.map { ($0, Tally()) }, uniquingKeysWith: { first, _ in first })
        self.run = blank
        self.byPhase = Array(repeating: blank, count: record.manifest.phases.count)
    }

    mutating func add(_ row: SecondRow) {
        let rowPhase = PhaseFacts.index(in: self.phases, second: row.second)
        for (index, counts) in row.populations.enumerated() where index < self.classOf.count {
            let kind = self.classOf[index]
            self.addTotals(counts)
            self.lag.merge(counts.lag)
            self.run[kind, default: Tally()].attempts.addFigures(counts)
            if let rowPhase {
                self.byPhase[rowPhase][kind, default: Tally()].attempts.addFigures(counts)
            }
            for (key, count) in counts.intents {
                self.totals.endings.add(key.ending, count)
                self.run[kind, default: Tally()].endings.add(key.ending, count)
                let phase = PhaseFacts.index(in: self.phases, second: key.arrivalSecond)
                if let phase {
                    self.byPhase[phase][kind, default: Tally()].endings.add(key.ending, count)
                }
            }
        }
    }

    private mutating func addTotals(_ counts: PopulationSecond) {
        self.totals.steps += counts.stepsBegun
        self.totals.bytesUp += counts.bytesUp
        self.totals.bytesDown += counts.bytesDown
        self.totals.attempts += counts.attemptsStarted
        for (key, count) in counts.attempts {
            self.outcomes[key.outcome.group, default: 0] += count
            switch key.outcome {
            case .status: self.totals.attemptsCompleted += count
            case .failure: self.totals.attemptsFailed += count
            case .unfinished: self.totals.attemptsUnfinished += count
            }
        }
    }

    func classes() -> [TrafficClass: RunSummary.ClassSummary] {
        self.run.mapValues(RunSumming.summary)
    }

    func phaseSummaries() -> [RunSummary.PhaseSummary] {
        zip(self.phases, self.byPhase).map { phase, tallies in
            RunSummary.PhaseSummary(
                phase: phase, classes: tallies.mapValues(RunSumming.summary),
                distribution: RunSumming.distribution(tallies))
        }
    }

    private static func distribution(_ tallies: [TrafficClass: Tally]) -> LatencyDistribution {
        var good = SparseHistogram()
        var notGood = 0
        for tally in tallies.values {
            good.merge(tally.attempts.good)
            notGood += tally.attempts.notGood.total
        }
        return LatencyDistribution(good: good, notGood: notGood)
    }

    private static func summary(_ tally: Tally) -> RunSummary.ClassSummary {
        var summary = RunSummary.ClassSummary()
        summary.endings = tally.endings
        let counts = tally.attempts
        summary.response = RunSummary.Percentiles(good: counts.good, notGood: counts.notGood)
        summary.answered = RunSummary.Percentiles(counts.answered)
        summary.service = RunSummary.Percentiles(counts.service)
        summary.amplification =
            counts.stepsBegun > 0
            ? Double(counts.attemptsStarted) / Double(counts.stepsBegun) : nil
        return summary
    }
}

extension PopulationSecond {
    /// Adds only what percentiles and amplification need: a run's keys of intents would pile up.
    fileprivate mutating func addFigures(_ other: PopulationSecond) {
        self.stepsBegun += other.stepsBegun
        self.attemptsStarted += other.attemptsStarted
        self.good.merge(other.good)
        self.notGood.merge(other.notGood)
        self.answered.merge(other.answered)
        self.service.merge(other.service)
    }
}

extension RunSummary.Endings {
    /// Counts intents that arrived and ended so.
    package mutating func add(_ ending: IntentEnding, _ count: Int) {
        self.intents += count
        switch ending {
        case .accepted: self.accepted += count
        case .rejected: self.rejected += count
        case .gaveUp: self.gaveUp += count
        case .failed: self.failed += count
        case .dropped: self.dropped += count
        case .unfinished: self.unfinished += count
        }
    }
}

extension RunSummary.Percentiles {
    /// Percentiles of values that all count.
    package init(_ histogram: SparseHistogram) {
        self.init(good: histogram, notGood: SparseHistogram())
    }

    /// Percentiles over all attempts that ended; those without a good answer rank slowest.
    package init(good: SparseHistogram, notGood: SparseHistogram) {
        self.init()
        let total = good.total + notGood.total
        guard total > 0 else { return }
        func value(_ quantile: Double) -> Double? {
            good.value(atRank: SparseHistogram.rank(quantile, of: total)).map { Double($0) / 1000 }
        }
        self.p50 = value(0.5)
        self.p90 = value(0.9)
        self.p99 = value(0.99)
        self.p999 = value(0.999)
        self.max = good.total > 0 ? Double(good.maximum) / 1000 : nil
        if self.p99 == nil {
            self.p99AtLeast = Double(Swift.max(good.maximum, notGood.maximum)) / 1000
        }
    }
}

extension PhaseFacts {
    /// Which phase a second belongs to: the one its middle lies in; the ends reach outwards.
    ///
    /// What happens after the last phase, while the run drains, belongs to the last one. Nil only
    /// without phases.
    package static func index(in phases: [PhaseFacts], second: Int) -> Int? {
        guard !phases.isEmpty else { return nil }
        let middle = Double(second) + 0.5
        var low = 0
        var high = phases.count - 1
        while low < high {
            let probe = (low + high) / 2
            if middle < phases[probe].end { high = probe } else { low = probe + 1 }
        }
        return low
    }
}
