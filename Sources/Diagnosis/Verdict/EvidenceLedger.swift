#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Adds evidence up to a probability for each explanation (research: diagnosis, 3.12).
///
/// log10 L(h) = log10 prior + one capped sum per group: entries of a group describe the same
/// phenomenon, so its largest weight counts whole, the next a quarter, the rest nothing. The
/// probability is softmax(L ln 10 / T); a family's is the sum over its mechanisms.
struct EvidenceLedger: Sendable {
    /// An explanation and where it stands.
    struct Standing: Sendable {
        let rival: Rival
        let probability: Double
        /// log10 of what all evidence together says for it.
        let support: Double
    }
    /// Every entry.
    let evidence: [Evidence]
    /// The explanations, the most probable first; vetoed ones have no place.
    let standings: [Standing]
    /// The families' sums, the most probable first.
    let families: [(family: Family, probability: Double)]
    /// The probability of each overlay, by id.
    let overlays: [(mechanism: Mechanism, probability: Double)]
    /// True when no prior three times as large for a rival would change the leader.
    let isRobust: Bool
    /// True when no prior three times as large for a family would change the leading family.
    let isFamilyRobust: Bool

    private let weights: Weights

    /// Numbers the findings, looks their weights up and adds them.
    init(_ findings: [Finding], weights: Weights) {
        let made = findings.filter { $0.outcome != .notApplicable }
        let evidence = made.enumerated().map { index, finding in
            Evidence(
                id: EvidenceID(number: index + 1), test: finding.test, outcome: finding.outcome,
                statistic: finding.statistic, n: finding.n,
                window: [Double(finding.window.lowerBound), Double(finding.window.upperBound)],
                weight: weights.row(finding.test, finding.outcome), group: finding.group,
                anomalous: finding.anomalous, vetoes: finding.vetoes.map(\.id))
        }
        let vetoed = Set(evidence.flatMap(\.vetoes))
        let rivals = Rival.all.filter { !vetoed.contains($0.id) }
        let support = EvidenceLedger.support(rivals, evidence)
        let priors = rivals.map { log10(weights.prior($0)) }
        func ranked(_ tilt: (Rival) -> Double) -> [Standing] {
            let scores = rivals.indices.map {
                (priors[$0] + tilt(rivals[$0]) + support[$0]) / weights.temperature
            }
            let shares = EvidenceLedger.softmax(scores)
            let standings = rivals.indices.map {
                Standing(rival: rivals[$0], probability: shares[$0], support: support[$0])
            }
            return standings.sorted {
                ($1.probability, $0.rival.id) < ($0.probability, $1.rival.id)
            }
        }
        let standings = ranked { _ in 0 }
        let families = EvidenceLedger.families(standings)
        let leader = standings.first?.rival
        let leading = families.first?.family
        let tripled = log10(3.0)
        self.isRobust = rivals.allSatisfy { rival in
            rival == leader || ranked { $0 == rival ? tripled : 0 }.first?.rival == leader
        }
        self.isFamilyRobust = Family.rivals.allSatisfy { family in
            guard family != leading else { return true }
            let tilted = EvidenceLedger.families(ranked { $0.family == family ? tripled : 0 })
            return tilted.first?.family == leading
        }
        self.evidence = evidence
        self.standings = standings
        self.families = families
        self.overlays = Mechanism.allCases.filter(\.isOverlay).map {
            mechanism -> (mechanism: Mechanism, probability: Double) in
            let odds = log10(weights.priors.overlay / (1 - weights.priors.overlay))
            let sum = EvidenceLedger.sum(evidence) { $0.weight[mechanism.rawValue] }
            // The temperature is the rivals': tests of theirs depend on each other, and an overlay
            // rests on one.
            let share = 1 / (1 + pow(10, -(odds + sum)))
            return (mechanism, vetoed.contains(mechanism.rawValue) ? 0 : share)
        }
        self.weights = weights
    }

    // MARK: - What others ask

    /// The Bayes factor of the leading explanation against the next; nil with less than two left.
    ///
    /// The ratio of their probabilities without that of their priors.
    var leaderOverNext: Double? {
        guard self.standings.count > 1, self.standings[1].probability > 0 else { return nil }
        let (first, next) = (self.standings[0], self.standings[1])
        let priors = self.weights.prior(first.rival) / self.weights.prior(next.rival)
        return first.probability / next.probability / pow(priors, 1 / self.weights.temperature)
    }

    /// The same between the two leading families.
    var familyOverNext: Double? {
        guard self.families.count > 1, self.families[1].probability > 0 else { return nil }
        func prior(_ family: Family) -> Double {
            Rival.all.filter { $0.family == family }.reduce(0) { $0 + self.weights.prior($1) }
        }
        let (first, next) = (self.families[0], self.families[1])
        let priors = prior(first.family) / prior(next.family)
        return first.probability / next.probability / pow(priors, 1 / self.weights.temperature)
    }

    /// The entries that speak for an explanation.
    func supporting(_ rival: Rival) -> [EvidenceID] {
        self.evidence.filter { ($0.weight(for: rival) ?? 0) > 0 }.map(\.id)
    }

    /// The entries that speak against it.
    func against(_ rival: Rival) -> [EvidenceID] {
        self.evidence.filter {
            ($0.weight(for: rival) ?? 0) < 0 || $0.vetoes.contains(rival.id)
        }.map(\.id)
    }

    /// The phenomena that were found and speak for an explanation.
    func firedGroups(for rival: Rival) -> Set<String> {
        Set(
            self.evidence.filter { $0.outcome == .fired && ($0.weight(for: rival) ?? 0) > 0 }
                .map(\.group))
    }

    /// The phenomena that were found and speak for any explanation of a family.
    func firedGroups(for family: Family) -> Set<String> {
        Rival.all.filter { $0.family == family }.reduce(into: []) {
            $0.formUnion(self.firedGroups(for: $1))
        }
    }

    /// The entries of a test.
    func ids(_ test: String) -> [EvidenceID] {
        self.evidence.filter { $0.test == test }.map(\.id)
    }

    /// True when a test was made and found what it looks for.
    func isFired(_ test: String) -> Bool {
        self.evidence.contains { $0.test == test && $0.outcome == .fired }
    }
}

// MARK: - The sums

extension EvidenceLedger {
    /// What the evidence says for each rival, in the rivals' order.
    private static func support(_ rivals: [Rival], _ evidence: [Evidence]) -> [Double] {
        // Something out of the ordinary that no explanation predicts speaks for "none".
        let strange = evidence.filter { entry in
            entry.anomalous && entry.vetoes.isEmpty && !entry.weight.values.contains { $0 > 0 }
        }
        let unexplained = min(2, 0.5 * Double(Set(strange.map(\.group)).count))
        return rivals.map { rival in
            rival == .unknown ? unexplained : sum(evidence) { $0.weight(for: rival) }
        }
    }

    /// The sum over groups of an explanation's capped weights.
    private static func sum(_ evidence: [Evidence], _ weight: (Evidence) -> Double?) -> Double {
        var groups: [String: [Double]] = [:]
        for entry in evidence {
            guard let number = weight(entry), number != 0 else { continue }
            groups[entry.group, default: []].append(number)
        }
        // In the order of names: sums of floating point depend on their order.
        return groups.sorted { $0.key < $1.key }.reduce(0) { sum, group in
            let weights = group.value.sorted { (abs($0), $0) > (abs($1), $1) }
            let next = weights.count > 1 ? 0.25 * weights[1] : 0
            return sum + min(2, max(-2, weights[0] + next))
        }
    }

    /// Probabilities of scores in log10.
    private static func softmax(_ scores: [Double]) -> [Double] {
        let largest = scores.max() ?? 0
        let powers = scores.map { pow(10, $0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    private static func families(
        _ standings: [Standing]
    ) -> [(family: Family, probability: Double)] {
        var sums: [Family: Double] = [:]
        for standing in standings {
            sums[standing.rival.family, default: 0] += standing.probability
        }
        return sums.map { (family: $0.key, probability: $0.value) }
            .sorted { ($1.probability, $0.family.rawValue) < ($0.probability, $1.family.rawValue) }
    }
}
