import Measurements

/// The knee of a run: its points, the fit, and whether it was reached at all.
struct KneeEstimate: Sendable {
    /// The knee as reported.
    let knee: Knee
    /// Windows that went into the fit.
    let n: Int
    /// The seconds looked at.
    let window: Range<Int>
    /// Error of the hinge over the error of a line through the origin.
    let advantage: Double
    /// True when seconds late for the machine's sake had to be used.
    let usedLateSeconds: Bool

    /// The default service level objective for p95, in milliseconds.
    static let objective = 2_000.0

    /// Estimates the knee; nil with fewer than ten windows of 5 s.
    ///
    /// Only seconds before the operator's first intervention after 10 s count: what an operator
    /// changes is no property of the server.
    init?(_ facts: RunFacts) {
        let cut = facts.interventions.first { $0 >= 10 }.map { Int($0) } ?? facts.length
        let end = min(cut, facts.maintenance.firstIndex(of: true) ?? facts.length, facts.length)
        var windows = KneeEstimate.windows(facts, end: end) { $0 == .onTime }
        var late = false
        if windows.count < 10 {
            // Counts of starts and answers stay true when the machine was slow for all alike.
            windows = KneeEstimate.windows(facts, end: end) { $0 != .generator }
            late = true
        }
        let kept = KneeEstimate.beforeCollapse(windows, facts)
        guard kept.count >= 10, let fit = HingeFit(kept.map(\.point)) else { return nil }
        let tested = kept.map(\.point.offered).max() ?? 0
        let proportional = fit.proportionalError
        self.advantage = proportional > 0 ? fit.error / proportional : 1
        let beyond = kept.filter { $0.point.offered > 1.03 * fit.capacity }.count
        let isBent = fit.capacity < 0.97 * tested && beyond >= 3 && self.advantage <= 0.8
        // The bootstrap is the dear part; a fit without a bend needs none.
        let ci =
            isBent && KneeEstimate.hasCrowd(kept, facts)
            ? fit.interval(seed: facts.record.manifest.seed) : nil
        let reached = ci.map { $0[1] < tested } ?? false
        let capacity = reached ? fit.capacity : nil
        self.n = kept.count
        self.window = 0..<((kept.last?.start ?? 0) + 5)
        self.usedLateSeconds = late
        self.knee = Knee(
            capacity: capacity, ci: reached ? ci : nil, reached: reached, tested: tested,
            sloRate: KneeEstimate.sloRate(facts, end: end),
            collapseIndex: capacity.flatMap {
                KneeEstimate.collapseIndex(facts, capacity: $0, end: end)
            },
            hiddenCapacity: capacity.map {
                RetryStorm.hiddenCapacity(of: $0, retriesPerRequest: facts.retriesPerRequest)
            },
            retries: facts.retries)
    }

    /// Whether more people came at some time than at another, by a quarter in fifteen seconds.
    ///
    /// Where the same load goes on and fails, its retries alone look like a crowd: the goodput they
    /// meet is what the server lost and not what it can do.
    private static func hasCrowd(_ windows: [Window], _ facts: RunFacts) -> Bool {
        guard let end = windows.map({ $0.start + 5 }).max(), end >= 15 else { return false }
        let loads = (0...(end - 15)).map { facts.freshLoad($0..<($0 + 15)) }
        return (loads.max() ?? 0) >= 1.25 * (loads.min() ?? 0)
    }

    private struct Window {
        var start: Int
        var point: HingeFit.Point
    }

    private static func windows(
        _ facts: RunFacts, end: Int, where accepted: (Lateness) -> Bool
    ) -> [Window] {
        guard end >= 5 else { return [] }
        // Longer runs are thinned: neighbouring windows share four of five seconds anyway.
        let stride = max(1, end / 1_000)
        var result: [Window] = []
        for start in Swift.stride(from: 0, through: end - 5, by: stride) {
            let range = (start..<(start + 5)).filter {
                !facts.maintenance[$0] && accepted(facts.lateness[$0])
            }
            // A mean over the seconds left keeps a short plateau that one late second would
            // otherwise wipe out, five windows at a time.
            guard range.count >= 3 else { continue }
            let offered = range.reduce(0.0) { $0 + facts.seconds[$1].attempts }
            let good = range.reduce(0.0) { $0 + facts.seconds[$1].good }
            let point = HingeFit.Point(
                offered: offered / Double(range.count), good: good / Double(range.count))
            result.append(Window(start: start, point: point))
        }
        return result
    }

    /// Leaves out what comes after goodput has fallen below half its peak.
    ///
    /// Windows that only touch the collapse go too: they mix both regimes and pull the plateau
    /// down.
    private static func beforeCollapse(_ windows: [Window], _ facts: RunFacts) -> [Window] {
        guard
            let peak = windows.indices.max(by: {
                windows[$0].point.good < windows[$1].point.good
            })
        else { return windows }
        let highest = windows[peak].point.good
        guard
            let fallen = windows[peak...].firstIndex(where: { $0.point.good < 0.5 * highest })
        else { return windows }
        var collapse = windows[fallen].start + 4
        while collapse > windows[peak].start, facts.seconds[collapse - 1].good < 0.9 * highest {
            collapse -= 1
        }
        return windows.filter { $0.start + 4 < collapse }
    }

    private static func sloRate(_ facts: RunFacts, end: Int) -> Double? {
        var best: Double?
        for start in stride(from: 0, through: end - 10, by: 1) {
            let range = start..<(start + 10)
            let done = facts.total(range, \.done)
            guard done >= 20, range.allSatisfy({ !facts.maintenance[$0] }) else { continue }
            let good = facts.total(range, \.good)
            let slow = range.contains { (facts.seconds[$0].p95 ?? 0) > KneeEstimate.objective }
            let attempts = facts.total(range, \.attempts)
            // A queue that fills keeps the objective for a while at a rate nobody can sustain.
            guard good >= 0.99 * done, done >= 0.95 * attempts, !slow else { continue }
            best = max(best ?? 0, attempts / 10)
        }
        return best
    }

    private static func collapseIndex(
        _ facts: RunFacts, capacity: Double, end: Int
    ) -> Double? {
        let heavy = (0..<end).filter {
            !facts.maintenance[$0] && facts.load(at: $0) >= 1.5 * capacity
        }
        // Shorter than this, the queue hides what the load does.
        guard heavy.count >= 10 else { return nil }
        return median(heavy.map { facts.seconds[$0].good }).map { $0 / capacity }
    }
}
