#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Moments of slowness that come again and again, with seconds between them in which all is well.
///
/// A process that stops for a second in every five leaves four of five seconds as they were, so
/// that no stretch of seconds has another median, while every fifth person waits (decided by real
/// runs of M19: pauses of 1.2 s were seen only when the rising load made them lasting).
struct RecurringStalls: Sendable {
    /// The seconds of each, in order of time.
    let stretches: [Range<Int>]
    /// The baseline's median of the seconds' p95, in milliseconds.
    private let usual: Double

    /// How many there must be, and how far apart at most.
    private static let least = 4
    private static let apart = 15
    /// The probability of what chance may do.
    private static let chance = 0.01

    /// Runs of seconds whose p95 is three times the baseline's and a tenth of the objective, each
    /// beside seconds that are as before; empty where chance would begin so late.
    init(_ facts: RunFacts, baseline: Baseline) {
        let quiet = baseline.range.filter { facts.isClean($0) }
        guard baseline.isSufficient,
            let usual = median(quiet.compactMap { facts.seconds[$0].p95 })
        else {
            self.stretches = []
            self.usual = 0
            return
        }
        self.usual = usual
        let limit = max(3 * usual, 0.1 * KneeEstimate.objective)
        func isSlow(_ second: Int) -> Bool {
            facts.isClean(second) && (facts.seconds[second].p95 ?? 0) >= limit
        }
        func isWell(_ second: Int) -> Bool {
            (facts.seconds[second].p95 ?? .infinity) <= 1.5 * usual
        }
        let end = facts.maintenance.firstIndex(of: true) ?? facts.length
        var groups: [[Range<Int>]] = [[]]
        var second = baseline.range.count / 2
        var wasWell = false
        while second < end {
            guard isSlow(second) else {
                wasWell = wasWell || isWell(second)
                second += 1
                continue
            }
            let first = second
            while second < end, isSlow(second) { second += 1 }
            let previous = groups[groups.count - 1].last?.upperBound
            if let previous, first - previous > RecurringStalls.apart || !wasWell {
                groups.append([])
            }
            groups[groups.count - 1].append(first..<second)
            wasWell = false
        }
        let found = groups.first { $0.count >= RecurringStalls.least } ?? []
        let begun = found.first?.lowerBound ?? 0
        let ended = found.last?.upperBound ?? 0
        let before = (0..<begun).filter { facts.isClean($0) && !isSlow($0) }.count
        // What comes at any time would all have come late with this probability.
        let late = Double(ended - begun) / Double(max(1, before + ended - begun))
        self.stretches =
            pow(late, Double(found.count)) <= RecurringStalls.chance ? found : []
    }

    /// The change of p95; nil where nothing recurs.
    func change(_ facts: RunFacts) -> SignalChange? {
        guard let first = self.stretches.first, let last = self.stretches.last else { return nil }
        let slow = self.stretches.flatMap { Array($0) }
        let onset = Double(first.lowerBound)
        return SignalChange(
            signal: "response_p95", onset: first.lowerBound,
            interval: max(0, onset - 1)...(onset + 1), end: last.upperBound,
            before: self.usual,
            after: median(slow.compactMap { facts.seconds[$0].p95 }) ?? 0, n: facts.length)
    }
}
