package import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What became of the people of a run, by class and by phase of arrival; arithmetic only.
package struct PeopleSummary: Sendable, Hashable {
    /// One class of people.
    package struct Figures: Sendable, Hashable {
        /// How they ended; the six add up to the people.
        package var endings: RunSummary.Endings
        /// They got in without anything repeated; nil where efforts are not known.
        package var inAtFirstTry: Int?
        /// They got in after a retry or a press; nil likewise.
        ///
        /// The two add up to the accepted.
        package var inLater: Int?
        /// Accepted people by try, from the first on, without trailing zeros; nil likewise.
        ///
        /// The place `PeopleGroup.tryLimit` holds later tries, too.
        package var tries: [Int]?
        /// Transfers made for them; nil likewise.
        package var attempts: Int?
        /// Of which the client made again by itself; nil likewise.
        package var retries: Int?
        /// Times they pressed again; nil likewise.
        package var presses: Int?
        /// What the client's own retries multiply the load by: attempts / first attempts.
        package var appAmplification: Double?
        /// What pressing again multiplies it by: (people + presses) / people who began.
        package var personAmplification: Double?
        /// Attempts per person who began.
        package var attemptsPerPerson: Double?
        /// How the share of those who got in grew with the time since arrival.
        package var curve: SuccessCurve

        /// The figures of a group.
        package init(_ group: PeopleGroup) {
            self.endings = group.endings
            self.curve = SuccessCurve(group)
            // Files that mix known and unknown efforts cannot be: unknown is unknown.
            guard group.withoutEffort == 0 else { return }
            let last = group.tries.lastIndex { $0 > 0 }.map { $0 + 1 } ?? 0
            self.tries = Array(group.tries.prefix(last))
            self.inAtFirstTry = group.tries.first ?? 0
            self.inLater = group.tries.dropFirst().reduce(0, +)
            self.attempts = group.attempts
            self.retries = group.retries
            self.presses = group.presses
            let first = group.attempts - group.retries
            if first > 0 { self.appAmplification = Double(group.attempts) / Double(first) }
            guard group.began > 0 else { return }
            let began = Double(group.began)
            self.personAmplification = (began + Double(group.presses)) / began
            self.attemptsPerPerson = Double(group.attempts) / began
        }
    }
    /// How much better genuine people fared than noise.
    package struct Selectivity: Sendable, Hashable {
        /// P(accepted | genuine) / P(accepted | noise): 1 when both fare alike, above 1 when
        /// something protects the genuine.
        package var ratio: Double
        /// A 95 % interval of it: Katz, Baptista, Azen and Pike (Biometrics 34, 1978); nil when no
        /// genuine person was accepted.
        package var interval: [Double]?

        /// The ratio; nil without people of both classes or without accepted noise.
        package init?(genuine: RunSummary.Endings?, noise: RunSummary.Endings?) {
            guard let genuine, let noise, noise.accepted > 0 else { return nil }
            // What the generator dropped and what the run cut off says nothing about the server.
            let good = genuine.intents - genuine.dropped - genuine.unfinished
            let all = noise.intents - noise.dropped - noise.unfinished
            guard good > 0, all > 0 else { return nil }
            let ratio =
                Double(genuine.accepted) / Double(good) / (Double(noise.accepted) / Double(all))
            self.ratio = ratio
            guard genuine.accepted > 0 else { return }
            let variance =
                1 / Double(genuine.accepted) - 1 / Double(good) + 1 / Double(noise.accepted)
                - 1 / Double(all)
            let factor = exp(1.959_963_984_540_054 * max(0, variance).squareRoot())
            self.interval = [ratio / factor, ratio * factor]
        }
    }
    /// The people who arrived in one phase.
    package struct Phase: Sendable, Hashable {
        /// The phase.
        package var phase: PhaseFacts
        /// By class.
        package var classes: [TrafficClass: Figures]
        /// Genuine beside noise; nil where either is missing.
        package var selectivity: Selectivity?
    }
    /// By class; only classes that occur.
    package var classes: [TrafficClass: Figures]
    /// In order of time.
    package var phases: [Phase]
    /// Genuine beside noise over the whole run; nil where either is missing.
    package var selectivity: Selectivity?

    /// Sums up a tally of people.
    package init(_ tally: PeopleTally, phases: [PhaseFacts]) {
        let classes = tally.classes
        self.classes = classes.mapValues(Figures.init)
        self.selectivity = Selectivity(
            genuine: classes[.genuine]?.endings, noise: classes[.noise]?.endings)
        self.phases = zip(phases, tally.byPhase).map { phase, groups in
            Phase(
                phase: phase, classes: groups.mapValues(Figures.init),
                selectivity: Selectivity(
                    genuine: groups[.genuine]?.endings, noise: groups[.noise]?.endings))
        }
    }
}
