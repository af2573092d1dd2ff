package import Measurements
import Primitives

/// What a remedy changed for genuine people, measured by two runs of one seed.
package struct RemedyEffect: Sendable, Hashable {
    /// Genuine intents of a stretch and how many were not accepted.
    package struct Share: Sendable, Hashable {
        /// They arrived.
        package var arrived: Int
        /// They were not accepted.
        package var lost: Int
        /// A 95 % interval of the share lost (Wilson, 1927).
        package var interval: [Double]
    }
    /// Without the remedy.
    package let before: Share
    /// With it.
    package let after: Share

    /// Counts the same seconds of arrival in both: the first run's incident, or all of it.
    package init(before: RunRecord, after: RunRecord, between explanation: Explanation) {
        let facts = RunFacts(before)
        let range =
            explanation.loss.incident.map { Int($0[0])..<Int($0[1]) } ?? 0..<facts.length
        self.before = RemedyEffect.share(facts, range)
        self.after = RemedyEffect.share(RunFacts(after), range)
    }

    private static func share(_ facts: RunFacts, _ range: Range<Int>) -> Share {
        let sum = Incident.sum(facts, .genuine, range)
        let lost = sum.judged - sum.accepted
        return Share(
            arrived: sum.judged, lost: lost,
            interval: wilsonInterval(successes: lost, trials: sum.judged) ?? [0, 1])
    }

    /// Both shares in words.
    package var text: String {
        func part(_ share: Share) -> String {
            guard share.arrived > 0 else { return "nobody" }
            let low = percent(share.interval[0])
            let high = percent(share.interval[1])
            return "\(share.lost) of \(share.arrived) "
                + "(\(percent(Double(share.lost) / Double(share.arrived))), 95 % interval "
                + "\(low)-\(high))"
        }
        return "genuine lost in the same seconds: \(part(self.before)) without, "
            + "\(part(self.after)) with it"
    }
}
