import Measurements

/// What a server did while the load was taken away, and after it.
struct ReliefReading: Sendable {
    /// The relief's seconds.
    let range: Range<Int>
    /// Good answers per expected one in the relief's second half, over the baseline's; nil where
    /// hardly any was expected.
    let share: Double?
    /// Whether it was back when the load returned; nil with less than 10 s of it.
    let isBack: Bool?

    /// Reads a run; nil without a baseline or a relief after that second.
    init?(_ facts: RunFacts, baseline: Baseline, after start: Int) {
        guard baseline.isSufficient, let range = ReliefReading.range(facts, after: start) else {
            return nil
        }
        let courses = LoadCourses(facts, baseline: baseline)
        guard courses.share > 0.5 else { return nil }
        self.range = range
        let half = ((range.lowerBound + range.upperBound) / 2)..<range.upperBound
        let expected = courses.sum(courses.load, half) * courses.share
        self.share = expected >= 5 ? courses.sum(courses.good, half) / expected : nil
        let rest = range.upperBound..<facts.length
        self.isBack =
            rest.count >= 10
            ? RecoveryEvidence.recovery(
                good: courses.good, load: courses.load, share: courses.share,
                from: rest.lowerBound, before: rest.upperBound, window: min(20, rest.count)) != nil
            : nil
    }

    /// The first relief that begins after a second; nil where less than 5 s of it were recorded.
    static func range(_ facts: RunFacts, after start: Int) -> Range<Int>? {
        // A run that was stopped may have ended before a phase that was planned.
        facts.record.manifest.phases.first { $0.kind == .relief && $0.start > Double(start) }
            .map { Int($0.start.rounded())..<Int($0.end.rounded()) }
            .map { $0.clamped(to: 0..<facts.length) }
            .flatMap { $0.count >= 5 ? $0 : nil }
    }
}
