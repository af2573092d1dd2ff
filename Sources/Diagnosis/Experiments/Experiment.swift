#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A run that would tell explanations apart (research: diagnosis, 3.14), from the data file.
///
/// The idea of experiments chosen by what they tell is A. Wert et al., "Supporting Swift Reaction:
/// Automatically Uncovering Performance Problems by Systematic Experiments", ICSE 2013.
package struct Experiment: Sendable, Hashable, Codable {
    /// What can come of it.
    package struct Outcome: Sendable, Hashable, Codable {
        /// Its name.
        package var id: String
        /// What is seen, as a sentence without its full stop.
        package var sentence: String
    }
    /// `E1` to `E15`.
    package var id: String
    /// What is changed, as a sentence without its full stop.
    package var what: String
    /// What it costs, in runs of the length of the first.
    package var cost: Double
    /// False for what takes another machine or another network.
    package var runnable: Bool
    /// What can come of it, all cases.
    package var outcomes: [Outcome]
    /// The outcomes' probabilities, in their order, by mechanism, family or `default`.
    package var likelihood: [String: [Double]]

    /// The outcomes' probabilities under an explanation: its own, its family's or the default.
    package func likelihood(of id: String) -> [Double] {
        if let own = self.likelihood[id] { return own }
        let family = Mechanism(rawValue: id)?.family.rawValue
        if let family, let shared = self.likelihood[family] { return shared }
        return self.likelihood["default"]
            ?? Array(repeating: 1 / Double(self.outcomes.count), count: self.outcomes.count)
    }

    /// The place of an outcome.
    func index(of outcome: String) -> Int? { self.outcomes.firstIndex { $0.id == outcome } }
}

/// How probable an explanation is.
package struct Belief: Sendable, Hashable, Codable {
    /// `M01` to `M27`, `HEALTHY` or `UNKNOWN`.
    package var id: String
    /// Its probability.
    package var probability: Double

    /// A belief.
    package init(id: String, probability: Double) {
        self.id = id
        self.probability = probability
    }
}

extension Sequence<Belief> {
    /// Shannon's entropy of the beliefs in bits (1948).
    package var entropy: Double {
        self.reduce(0) { sum, belief in
            belief.probability > 0
                ? sum - belief.probability * log2(belief.probability) : sum
        }
    }
}

extension Experiment {
    /// How probable an outcome is, whatever the explanation.
    func probability(of outcome: Int, given beliefs: [Belief]) -> Double {
        beliefs.reduce(0) { $0 + $1.probability * self.likelihood(of: $1.id)[outcome] }
    }

    /// The beliefs after an outcome (Bayes); unchanged for an outcome that nobody expects.
    package func updated(_ beliefs: [Belief], by outcome: String) -> [Belief] {
        guard let index = self.index(of: outcome) else { return beliefs }
        let sum = self.probability(of: index, given: beliefs)
        guard sum > 0 else { return beliefs }
        return beliefs.map {
            Belief(
                id: $0.id, probability: $0.probability * self.likelihood(of: $0.id)[index] / sum)
        }.sorted { ($1.probability, $0.id) < ($0.probability, $1.id) }
    }

    /// The expected information in bits: H(now) - E[H(afterwards)]; never negative.
    package func gain(given beliefs: [Belief]) -> Double {
        let after = self.outcomes.indices.reduce(0.0) { sum, index in
            let share = self.probability(of: index, given: beliefs)
            return sum + share * self.updated(beliefs, by: self.outcomes[index].id).entropy
        }
        return max(0, beliefs.entropy - after)
    }

    /// The outcome that speaks most against an explanation: at least three times as probable if it
    /// is not so; nil when none is.
    package func refuting(_ id: String, among beliefs: [Belief]) -> Outcome? {
        let others = beliefs.filter { $0.id != id }
        let mass = others.reduce(0) { $0 + $1.probability }
        guard mass > 0 else { return nil }
        let own = self.likelihood(of: id)
        let ratios = self.outcomes.indices.map { index in
            self.probability(of: index, given: others) / mass / max(1e-9, own[index])
        }
        guard let best = ratios.indices.max(by: { ratios[$0] < ratios[$1] }), ratios[best] >= 3
        else { return nil }
        return self.outcomes[best]
    }
}
