/// Runs experiments one after another until the cause is known, and keeps the books (research:
/// diagnosis, 3.14): which one next, what came of it, what to believe now.
///
/// Pure: the caller makes the runs. Outcomes count as independent given the explanation.
package struct Investigation: Sendable, Codable {
    /// One experiment that was made.
    package struct Step: Sendable, Codable {
        /// `E1` to `E15`.
        package var experiment: String
        /// What was changed.
        package var what: String
        /// The bits that were expected of it.
        package var gainBits: Double
        /// What came of it; nil when it could not show anything.
        package var outcome: String?
        /// The outcome in words.
        package var sentence: String
        /// The outcome that would have refuted the leader; nil when none would.
        package var refutedBy: String?
        /// Where the run is.
        package var directory: String
        /// What was seen.
        package var digest: TroubleDigest
        /// What is believed after it, the most probable first.
        package var beliefs: [Belief]
    }
    /// What is said in the end.
    package struct Conclusion: Sendable, Hashable, Codable {
        /// How much is claimed.
        package var grade: Verdict.Grade
        /// The family's name; nil when none is claimed.
        package var family: String?
        /// The mechanism's id; only with `CAUSE`.
        package var mechanism: String?
        /// The leader's probability; nil without beliefs.
        package var posterior: Double?
        /// How many times as probable it is as the next; nil without one.
        package var overNext: Double?
        /// The answer for people.
        package var sentence: String
    }
    /// Why it ended.
    package enum Ending: String, Sendable, Hashable, Codable {
        /// The cause is known.
        case known
        /// Nothing failed, or the first run cannot be used.
        case nothingToExplain = "nothing_to_explain"
        /// No experiment that can be made promises enough.
        case negligible
        /// The budget of runs or of time is spent.
        case budget
        /// A signal.
        case stopped
    }
    /// The grade of the first run by itself.
    package let grade: Verdict.Grade
    /// Where the first run is.
    package let directory: String
    /// What the first run showed.
    package let base: TroubleDigest
    /// What was believed after the first run, the most probable first.
    package let prior: [Belief]
    /// In how many independent groups of tests the first run speaks for each explanation.
    package let groups: [String: Int]
    /// True when no gate of the first run failed.
    package let isSound: Bool
    /// The experiments made.
    package private(set) var steps: [Step] = []
    /// Experiments that the scenario does not allow, with the reason.
    package private(set) var refused: [String: String] = [:]
    /// Why it ended; nil while it goes on.
    package var ending: Ending?

    /// An investigation after its first run.
    package init(_ explanation: Explanation, _ base: TroubleDigest, directory: String) {
        self.grade = explanation.verdict.grade
        self.directory = directory
        self.base = base
        self.prior = explanation.beliefs
        let group = Dictionary(
            explanation.evidence.map { ($0.id, $0.group) }, uniquingKeysWith: { first, _ in first })
        self.groups = Dictionary(
            explanation.hypotheses.map { hypothesis in
                (hypothesis.id, Set(hypothesis.supporting.compactMap { group[$0] }).count)
            }, uniquingKeysWith: { first, _ in first })
        self.isSound = !explanation.validity.gates.contains { $0.state == .failed }
    }

    /// What is believed now, the most probable first.
    package var beliefs: [Belief] { self.steps.last?.beliefs ?? self.prior }

    /// The experiment to make now; nil when there is nothing left to find out, and then `ending`
    /// says why.
    package mutating func next(
        from catalogue: ExperimentCatalogue = .shipped
    ) -> ExperimentCatalogue.Choice? {
        guard self.ending == nil else { return nil }
        guard self.base.hasTrouble, !self.base.isInvalid, !self.beliefs.isEmpty else {
            self.ending = .nothingToExplain
            return nil
        }
        if self.conclusion.grade == .cause {
            self.ending = .known
            return nil
        }
        if self.base.recovered != nil {
            self.refused["E7"] =
                "E7: the first run was well again before its end; relief after that tells nothing"
        }
        let done = Set(self.steps.map(\.experiment)).union(self.refused.keys)
        let choice = catalogue.ranked(self.beliefs, without: done, least: 0.05)
            .first { $0.experiment.runnable }
        if choice == nil { self.ending = .negligible }
        return choice
    }

    /// The scenario has nothing that could be changed so.
    package mutating func refuse(_ experiment: Experiment, because reason: String) {
        self.refused[experiment.id] = reason
    }

    /// Takes the run of an experiment in.
    package mutating func record(
        _ choice: ExperimentCatalogue.Choice, _ digest: TroubleDigest, directory: String
    ) {
        let experiment = choice.experiment
        let outcome = experiment.outcome(base: self.base, changed: digest)
        let beliefs = outcome.map { experiment.updated(self.beliefs, by: $0) } ?? self.beliefs
        let leader = self.beliefs.first?.id ?? ""
        let sentence = experiment.outcomes.first { $0.id == outcome }?.sentence
        self.steps.append(
            Step(
                experiment: experiment.id, what: experiment.what, gainBits: choice.gain,
                outcome: outcome,
                sentence: sentence ?? "the run could not show what it was made for",
                refutedBy: experiment.refuting(leader, among: self.beliefs)?.sentence,
                directory: directory, digest: digest, beliefs: beliefs))
    }
}

// MARK: - What to say

extension Investigation {
    /// What may be claimed now (research: diagnosis, 3.13).
    ///
    /// Without an experiment the first run's own grade stands. With some, a cause needs what it
    /// needs in one run: four fifths of the probability, ten times the next one's, a first run
    /// whose gates all held, and two witnesses that do not depend on each other: groups of tests,
    /// or experiments. (A prior three times as large for another changes no leader that is ten
    /// times as probable.)
    package var conclusion: Conclusion {
        let beliefs = self.beliefs
        guard self.base.hasTrouble, !self.base.isInvalid, let first = beliefs.first else {
            let isHealthy = self.grade == .healthy
            return Conclusion(
                grade: self.grade, family: nil, mechanism: nil, posterior: nil, overNext: nil,
                sentence: isHealthy
                    ? "Nothing failed, so there is nothing to explain."
                    : "The first run cannot be used; its own report says why.")
        }
        let next = beliefs.count > 1 ? beliefs[1].probability : 0
        let over = next > 0 ? first.probability / next : nil
        let mechanism = Mechanism(rawValue: first.id)
        var families: [String: Double] = [:]
        for belief in beliefs {
            guard let family = Mechanism(rawValue: belief.id)?.family.rawValue else { continue }
            families[family, default: 0] += belief.probability
        }
        let family = families.max { ($0.value, $1.key) < ($1.value, $0.key) }
        var conclusion = Conclusion(
            grade: .notEnoughEvidence, family: nil, mechanism: nil, posterior: first.probability,
            overNext: over, sentence: "")
        if self.steps.isEmpty, self.grade != .cause {
            conclusion.grade = self.grade
            conclusion.family = self.grade == .notEnoughEvidence ? nil : family?.key
        } else if let mechanism, first.probability >= 0.8, over ?? .infinity >= 10,
            self.isSound, self.witnesses(for: first.id) >= 2
        {
            conclusion.grade = .cause
            conclusion.mechanism = first.id
            conclusion.family = mechanism.family.rawValue
        } else if let family, family.value >= 0.8, self.isSound {
            conclusion.grade = .family
            conclusion.family = family.key
            conclusion.posterior = family.value
        } else if let mechanism, first.probability >= 0.5, over ?? .infinity >= 3 {
            conclusion.grade = .leading
            conclusion.family = mechanism.family.rawValue
        }
        conclusion.sentence = self.sentence(conclusion, first)
        return conclusion
    }

    /// What speaks for an explanation and does not hang together: groups of tests of the first run,
    /// and experiments whose outcome it expected more than the others did.
    private func witnesses(for id: String) -> Int {
        var before = self.prior
        return self.steps.reduce(self.groups[id] ?? 0) { sum, step in
            defer { before = step.beliefs }
            let old = before.first { $0.id == id }?.probability ?? 0
            let new = step.beliefs.first { $0.id == id }?.probability ?? 0
            return step.outcome != nil && new > old ? sum + 1 : sum
        }
    }

    private func sentence(_ conclusion: Conclusion, _ first: Belief) -> String {
        let runs = self.steps.count + 1
        let after = "after \(runs) \(runs == 1 ? "run" : "runs")"
        let odds =
            conclusion.overNext.map {
                ", \($0 < 1_000 ? decimal($0, $0 < 10 ? 1 : 0) : "over 1000") times the next"
            } ?? ""
        let share = percent(min(0.99, conclusion.posterior ?? 0))
        let title = Mechanism(rawValue: first.id).map { "\($0.title) (\(first.id))" } ?? first.id
        switch conclusion.grade {
        case .cause: return "The cause is \(title): probability \(share)\(odds), \(after)."
        case .family:
            return
                "The family \(conclusion.family ?? "") is shown: probability \(share), \(after); "
                + "its mechanisms are not told apart, \(title) leads."
        case .leading:
            return "Leading, not shown, is \(title): probability \(share)\(odds), \(after)."
        default:
            let rivals = self.beliefs.prefix(3).map { "\($0.id) \(percent($0.probability))" }
            return "There is not enough evidence \(after): \(rivals.joined(separator: ", "))."
        }
    }

    /// What the onsets of the runs have in common, the most constant first; empty with fewer than
    /// three runs in which trouble began, since two always agree on something.
    package var axes: [(axis: OnsetAxis, score: Double)] {
        let digests = [self.base] + self.steps.map(\.digest)
        let runs = digests.filter { ($0.onset ?? 0) > 0 && !$0.isInvalid }.map(\.axes)
        return runs.count >= 3 ? OnsetAxis.rank(runs) : []
    }
}
