package import Measurements
package import Primitives

extension Explanation {
    /// Explains a run: what failed, at what load, for whom, and how sure that is.
    ///
    /// Pure: the same record gives the same explanation. Costs one pass over the record's
    /// histograms and a few over its listed attempts, one more per threshold, and 500 fits for
    /// the interval of a knee that was reached.
    /// - Parameters:
    ///   - weights: what each test says; those of the binary unless a fit is tried.
    ///   - withheld: tests and groups to leave out, by name: to see what rests on them.
    package static func explain(
        _ record: RunRecord, thresholds: [ThresholdRule] = [], weights: Weights = .shipped,
        withheld: Set<String> = []
    ) -> Explanation {
        let file = CaseFile(RunFacts(record))
        let findings = Detector.all.flatMap { $0.detect(file) }.filter {
            !withheld.contains($0.test) && !withheld.contains($0.group)
        }
        let ledger = EvidenceLedger(findings, weights: weights)
        let decision = Decision(file, ledger)
        let isInvalid = file.gates.validity.state == .invalid
        var explanation = Explanation(
            validity: file.gates.validity, verdict: decision.verdict,
            onset: isInvalid ? nil : Onset(file, ledger),
            knee: isInvalid ? nil : file.knee?.knee,
            metastable: isInvalid ? nil : Metastability(file), loss: file.loss,
            hypotheses: Explanation.hypotheses(ledger), families: Explanation.families(ledger),
            evidence: ledger.evidence, weights: weights.version,
            mayBeCollapse: Decision.coincidesWithLoad(ledger),
            remedies: Remedy.predicted(file, decision.verdict, ledger),
            thresholds: ThresholdResult.evaluate(thresholds, record), review: Review(record),
            recovered: file.incident?.recovered.map { Double($0) },
            baseline: file.baseline.isSufficient
                ? [Double(file.baseline.range.lowerBound), Double(file.baseline.range.upperBound)]
                : nil)
        explanation.nextRuns = explanation.nextRuns(possible: record.manifest.experiments)
        return explanation
    }

    private static func hypotheses(_ ledger: EvidenceLedger) -> [Hypothesis] {
        let made = Set(ledger.evidence.map(\.test))
        return ledger.standings.map { standing in
            let mechanism = standing.rival.mechanism
            let missing = (mechanism?.samples ?? []).filter { sample in
                sample.test.map { !made.contains($0) } ?? true
            }
            return Hypothesis(
                id: standing.rival.id, posterior: standing.probability,
                supporting: ledger.supporting(standing.rival),
                against: ledger.against(standing.rival), missing: missing.map(\.what),
                refutingRun: mechanism?.refutingRun)
        }
    }

    /// What would tell the explanations apart; nothing where nothing is in doubt.
    private func nextRuns(possible: [String]?) -> [NextRun] {
        switch self.verdict.grade {
        case .healthy, .invalid: []
        case .cause, .family, .leading, .notEnoughEvidence:
            ExperimentCatalogue.shipped.next(self.beliefs, possible: possible)
        }
    }

    private static func families(_ ledger: EvidenceLedger) -> [String: Double] {
        var sums: [String: Double] = [:]
        for (family, probability) in ledger.families { sums[family.rawValue] = probability }
        return sums
    }
}

extension Onset {
    /// The earliest change, with all signals that cannot be told from it in time.
    init?(_ file: CaseFile, _ ledger: EvidenceLedger) {
        guard let earliest = file.onset.changes.first else { return nil }
        let first = file.onset.first
        self.t = Double(earliest.onset)
        self.ci = [earliest.interval.lowerBound, earliest.interval.upperBound]
        self.load = file.facts.load(at: earliest.onset)
        self.firstSignals = first.flatMap { ledger.ids("change_\($0.signal)") }
        self.tied = first.count > 1 ? first.map(\.signal) : []
    }
}
