#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What one test of a run found, without its figures: what weights are fitted from, and what is
/// enough to weigh a stored run again.
package struct FoundTest: Sendable, Hashable, Codable {
    /// The test's name.
    package var test: String
    /// Whether it fired.
    package var outcome: TestOutcome
    /// The phenomenon; entries of one group count together.
    package var group: String
    /// True when it found something out of the ordinary.
    package var anomalous: Bool
    /// Explanations that it contradicts outright, by id.
    package var vetoes: [String]

    /// A test's result by its parts.
    package init(
        test: String, outcome: TestOutcome, group: String, anomalous: Bool = false,
        vetoes: [String] = []
    ) {
        self.test = test
        self.outcome = outcome
        self.group = group
        self.anomalous = anomalous
        self.vetoes = vetoes
    }

    /// An entry of the ledger without its figures and weights.
    package init(_ evidence: Evidence) {
        self.init(
            test: evidence.test, outcome: evidence.outcome, group: evidence.group,
            anomalous: evidence.anomalous, vetoes: evidence.vetoes)
    }
}

extension Weights {
    /// log10 of the probability that the ledger gives each explanation for what tests found, by id.
    ///
    /// By the ledger's own sums: priors, groups, caps, vetoes, this file's temperature. Vetoed
    /// explanations are missing. At a temperature of 1 these are the scores, up to a constant.
    package func logProbabilities(_ found: [FoundTest]) -> [String: Double] {
        let findings = found.map { entry in
            Finding(
                test: entry.test, outcome: entry.outcome, statistic: [:], n: 0, window: 0..<0,
                group: entry.group, anomalous: entry.anomalous,
                vetoes: Rival.all.filter { entry.vetoes.contains($0.id) })
        }
        var result: [String: Double] = [:]
        for standing in EvidenceLedger(findings, weights: self).standings {
            result[standing.rival.id] = orders(standing.probability)
        }
        return result
    }
}

/// log10 of a probability that may be too small to be told from 0.
private func orders(_ probability: Double) -> Double {
    probability > 0 ? log10(probability) : -300
}
