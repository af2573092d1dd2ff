package import Measurements

extension Explanation {
    /// Explains a run: what failed, at what load, for whom, and how sure that is.
    ///
    /// Pure: the same record gives the same explanation. Costs one pass over the record's
    /// histograms, one more per threshold, and 500 fits for the interval of a knee that was
    /// reached.
    package static func explain(
        _ record: RunRecord, thresholds: [ThresholdCheck] = []
    ) -> Explanation {
        let file = CaseFile(RunFacts(record))
        let ledger = Ledger(Detector.all.flatMap { $0.detect(file) })
        let decision = Decision(file, ledger)
        let isInvalid = file.gates.validity.state == .invalid
        return Explanation(
            validity: file.gates.validity, verdict: decision.verdict,
            onset: isInvalid ? nil : Onset(file, ledger),
            knee: isInvalid ? nil : file.knee?.knee, metastable: nil, loss: file.loss,
            hypotheses: Explanation.hypotheses(ledger), evidence: ledger.evidence, nextRuns: nil,
            remedies: nil, thresholds: ThresholdResult.evaluate(thresholds, record),
            review: Review(record), recovered: file.incident?.recovered.map { Double($0) },
            baseline: file.baseline.isSufficient
                ? [Double(file.baseline.range.lowerBound), Double(file.baseline.range.upperBound)]
                : nil)
    }

    private static func hypotheses(_ ledger: Ledger) -> [Hypothesis] {
        ledger.posteriors.map { family, probability in
            Hypothesis(
                id: family.rawValue, posterior: probability,
                supporting: ledger.evidence.filter { ($0.weight[family] ?? 0) > 0 }.map(\.id),
                against: ledger.evidence.filter {
                    ($0.weight[family] ?? 0) < 0 || $0.vetoes.contains(family)
                }.map(\.id),
                missing: family.missing, refutingRun: nil)
        }
    }
}

extension Onset {
    /// The earliest change, with all signals that cannot be told from it in time.
    init?(_ file: CaseFile, _ ledger: Ledger) {
        guard let earliest = file.onset.changes.first else { return nil }
        let first = file.onset.first
        self.t = Double(earliest.onset)
        self.ci = [earliest.interval.lowerBound, earliest.interval.upperBound]
        self.load = file.facts.load(at: earliest.onset)
        self.firstSignals = first.flatMap { ledger.ids("change_\($0.signal)") }
        self.tied = first.count > 1 ? first.map(\.signal) : []
    }
}
