import Measurements

/// Everything the detectors may look at: the facts, and what was worked out before them.
struct CaseFile: Sendable {
    /// The record in per-second vectors.
    let facts: RunFacts
    /// Attempts listed one by one; empty when the record has none.
    let attempts: AttemptTable
    /// What the server said of itself; empty when nobody asked it.
    let server: ServerSeries
    /// Whether it may be believed.
    let gates: Gates
    /// The quiet beginning.
    let baseline: Baseline
    /// How much the server could do.
    let knee: KneeEstimate?
    /// What changed, the earliest first.
    let onset: OnsetSearch
    /// The incident; nil when nothing changed.
    let incident: Incident?
    /// What it cost.
    let loss: Loss
    /// What it did while the load was taken away; nil without a relief, or when it had healed
    /// before: then a relief says nothing.
    let relief: ReliefReading?
    /// What followed after a trigger; nil when the run does not show it.
    let storm: StormReading?
    /// The seconds in which the server was not as it should be, up to the first intervention: the
    /// incident's, or all of a run that never was well; nil for a healthy run.
    let trouble: Range<Int>?
    /// Listed attempts that ended in the baseline, in the order of their starts; none without one.
    let before: [Attempt]
    /// Listed attempts that ended in the trouble, likewise: what timed out in its first second
    /// was begun before it.
    let during: [Attempt]

    /// Works through a record in the order in which each step needs the ones before.
    init(_ facts: RunFacts) {
        self.facts = facts
        let attempts = AttemptTable(facts.record.attempts, loaded: facts.loadedSteps)
        self.attempts = attempts
        self.server = ServerSeries(facts.record.server)
        let knee = KneeEstimate(facts)
        let baseline = Baseline(facts, knee: knee?.knee)
        let onset = OnsetSearch(facts, baseline: baseline)
        let incident = onset.changes.first.map {
            Incident(facts, start: $0.onset, changes: onset.changes, baseline: baseline)
        }
        self.knee = knee
        self.baseline = baseline
        self.onset = onset
        self.incident = incident
        self.gates = Gates(facts, baseline: baseline)
        self.loss = Loss(facts, incident: incident, baseline: baseline)
        self.relief = incident.flatMap { incident in
            let reading = ReliefReading(facts, baseline: baseline, after: incident.start)
            return reading.flatMap {
                (incident.recovered ?? .max) < $0.range.lowerBound ? nil : $0
            }
        }
        let server = self.server
        self.storm = incident.flatMap {
            StormReading(
                facts, baseline: baseline, incident: $0, knee: knee?.knee, server: server)
        }
        let trouble = incident?.untouched ?? CaseFile.lastingTrouble(facts)
        self.trouble = trouble
        self.before = baseline.isSufficient ? attempts.ended(in: baseline.range) : []
        self.during = trouble.map { attempts.ended(in: $0) } ?? []
    }

    /// The whole run, when more than one answer in a hundred was not good.
    private static func lastingTrouble(_ facts: RunFacts) -> Range<Int>? {
        let all = 0..<facts.length
        let done = facts.total(all, \.done)
        let bad = done - facts.total(all, \.good)
        return bad >= 20 && bad > 0.01 * done ? all : nil
    }
}

extension CaseFile {
    /// The baseline's seconds; nil when it is too short or too poor to compare with.
    var quiet: Range<Int>? { self.baseline.isSufficient ? self.baseline.range : nil }

    /// The clients' own deadlines in milliseconds: what ends there says nothing of the server.
    var ownDeadlines: [Double] {
        Array(Set(self.facts.record.manifest.populations.map { $0.timeout * 1_000 })).sorted()
    }
}

/// One test on a case: a pure function from the facts to evidence.
///
/// A new detector is one value of this type, a line in `Detector.all` and a row per test in
/// `weights.json`.
struct Detector: Sendable {
    /// What it looks for, for the reader of the code.
    let purpose: String
    /// The tests it can make, by name; one it does not make is not applicable.
    let tests: [String]
    /// Makes the tests that apply.
    let detect: @Sendable (CaseFile) -> [Finding]
}
