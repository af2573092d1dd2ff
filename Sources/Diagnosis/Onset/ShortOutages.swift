/// Outages too short to be a stretch of their own: a process that dies and is back in seconds.
///
/// Cutting a series into stretches of constant mean wants stretches; three seconds in which nothing
/// works are none, and no noise either (research: diagnosis, 3.2, decided here by real runs of M19
/// and M20, in which every one of them was overlooked).
struct ShortOutages: Sendable {
    /// The seconds of each, in order of time.
    let stretches: [Range<Int>]

    /// Answers a second needs to be judged, and the failed ones that all outages need together.
    private static let enough = 5.0
    private static let failures = 20.0

    /// Two seconds or more in a row, after half of the baseline, in which less than half was good.
    ///
    /// Empty where the baseline itself was not well, or where all of them together lost little.
    init(_ facts: RunFacts, baseline: Baseline) {
        guard baseline.isSufficient, let usual = facts.goodShare(baseline.range), usual >= 0.95
        else {
            self.stretches = []
            return
        }
        var found: [Range<Int>] = []
        var lost = 0.0
        var second = baseline.range.count / 2
        let end = facts.maintenance.firstIndex(of: true) ?? facts.length
        while second < end {
            let first = second
            while second < end, ShortOutages.isOut(facts, second) { second += 1 }
            if second - first >= 2 {
                found.append(first..<second)
                lost += facts.total(first..<second, \.done) - facts.total(first..<second, \.good)
            }
            second += 1
        }
        self.stretches = lost >= ShortOutages.failures ? found : []
    }

    private static func isOut(_ facts: RunFacts, _ second: Int) -> Bool {
        let row = facts.seconds[second]
        return facts.isClean(second) && row.done >= enough && row.good < 0.5 * row.done
    }

    /// The change of the share of good answers; nil without an outage.
    func change(_ facts: RunFacts, baseline: Baseline) -> SignalChange? {
        guard let first = self.stretches.first, let last = self.stretches.last,
            let before = facts.goodShare(baseline.range)
        else { return nil }
        let shares = self.stretches.compactMap { facts.goodShare($0) }
        let onset = Double(first.lowerBound)
        return SignalChange(
            signal: "goodput_share", onset: first.lowerBound,
            interval: max(0, onset - 1)...(onset + 1), end: last.upperBound, before: before,
            after: median(shares) ?? 0, n: facts.length)
    }
}
