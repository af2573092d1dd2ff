#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Adds evidence up to a probability for each family (research: diagnosis, 3.12).
///
/// log10 L(h) = log10 prior + one capped sum per group: entries of a group describe the same
/// phenomenon, so its largest weight counts whole, the next a quarter, the rest nothing.
struct Ledger: Sendable {
    /// Every entry.
    let evidence: [Evidence]
    /// Probabilities, the most probable first; vetoed families have none left.
    let posteriors: [(family: Family, probability: Double)]
    /// True when no prior three times as large for a rival would change the leader.
    let isRobust: Bool

    /// The prior of `UNKNOWN`; the others share the rest evenly.
    static let unknownPrior = 0.10

    /// Numbers the findings and adds them up.
    init(_ findings: [Finding]) {
        self.evidence = findings.enumerated().map { index, finding in
            Evidence(
                id: EvidenceID(number: index + 1), test: finding.test,
                statistic: finding.statistic, n: finding.n,
                window: [Double(finding.window.lowerBound), Double(finding.window.upperBound)],
                weight: finding.weight.mapValues { min(2, max(-2, $0)) }, group: finding.group,
                anomalous: finding.anomalous, vetoes: finding.vetoes)
        }
        let scores = Ledger.scores(self.evidence)
        let posteriors = Ledger.posteriors(scores)
        self.posteriors = posteriors
        let leader = posteriors.first?.family
        self.isRobust = scores.keys.allSatisfy { rival in
            var tilted = scores
            tilted[rival, default: 0] += rival == leader ? 0 : log10(3)
            return Ledger.posteriors(tilted).first?.family == leader
        }
    }

    /// The probability of the leader over that of the next; nil with less than two left.
    var leaderOverNext: Double? {
        guard self.posteriors.count > 1, self.posteriors[1].probability > 0 else { return nil }
        return self.posteriors[0].probability / self.posteriors[1].probability
    }

    /// Groups with evidence for a family.
    func groups(for family: Family) -> Set<String> {
        Set(self.evidence.filter { ($0.weight[family] ?? 0) > 0 }.map(\.group))
    }

    /// The entries of a test.
    func ids(_ test: String) -> [EvidenceID] {
        self.evidence.filter { $0.test == test }.map(\.id)
    }

    private static func scores(_ evidence: [Evidence]) -> [Family: Double] {
        let vetoed = Set(evidence.flatMap(\.vetoes))
        let known = Family.rivals.count - 1
        var scores: [Family: Double] = [:]
        for family in Family.rivals where !vetoed.contains(family) {
            let prior = family == .unknown ? unknownPrior : (1 - unknownPrior) / Double(known)
            var score = log10(prior)
            // In the order of names: sums of floating point depend on their order.
            let groups = Dictionary(grouping: evidence) { $0.group }.sorted { $0.key < $1.key }
            for (_, entries) in groups {
                let weights = entries.compactMap { $0.weight[family] }.filter { $0 != 0 }
                    .sorted { (abs($0), $0) > (abs($1), $1) }
                guard let first = weights.first else { continue }
                let next = weights.count > 1 ? 0.25 * weights[1] : 0
                score += min(2, max(-2, first + next))
            }
            if family == .unknown {
                // Something out of the ordinary that no family predicts speaks for "none".
                let strange = evidence.filter { entry in
                    entry.anomalous && entry.vetoes.isEmpty
                        && !entry.weight.values.contains { $0 > 0 }
                }
                score += min(2, 0.5 * Double(Set(strange.map(\.group)).count))
            }
            scores[family] = score
        }
        return scores
    }

    private static func posteriors(
        _ scores: [Family: Double]
    ) -> [(family: Family, probability: Double)] {
        let largest = scores.values.max() ?? 0
        let powers = scores.mapValues { pow(10, $0 - largest) }
        let sum = Family.rivals.reduce(0) { $0 + (powers[$1] ?? 0) }
        return powers.map { (family: $0.key, probability: $0.value / sum) }
            .sorted { ($1.probability, $0.family.rawValue) < ($0.probability, $1.family.rawValue) }
    }
}
