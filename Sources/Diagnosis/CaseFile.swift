/// Everything the detectors may look at: the facts, and what was worked out before them.
struct CaseFile: Sendable {
    /// The record in per-second vectors.
    let facts: RunFacts
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

    /// Works through a record in the order in which each step needs the ones before.
    init(_ facts: RunFacts) {
        self.facts = facts
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
    }
}

/// One test on a case: a pure function from the facts to evidence.
///
/// A new detector is one value of this type and one line in `Detector.all`.
struct Detector: Sendable {
    /// What it looks for, for the reader of the code.
    let purpose: String
    /// Makes the test; none when it does not apply.
    let detect: @Sendable (CaseFile) -> [Finding]
}
