extension Detector {
    /// Whether the same share of the requests fails all the time while the rest is as fast as ever.
    ///
    /// One of n instances that a balancer still asks, some of the inputs, some of the clients:
    /// nothing about the moment matters, and nothing about the load. What queues, fills up or comes
    /// and goes fails more at one time than at another, and slows the others down.
    static let steadyShare = Detector(
        purpose: "Does an even share of the requests fail while the others are as fast as before?",
        tests: ["steady_share"]
    ) { file in
        guard let incident = file.incident, let quiet = file.quiet else { return [] }
        let facts = file.facts
        // What waits for its deadline when it begins ends after that.
        let begun = incident.untouched.lowerBound + SteadyShare.settling
        var windows: [SteadyShare.Window] = []
        var fast: [Double] = []
        for start in stride(from: begun, through: incident.untouched.upperBound - 5, by: 5) {
            let range = start..<(start + 5)
            let done = facts.total(range, \.done)
            windows.append(.init(done: done, bad: done - facts.total(range, \.good)))
            fast += range.compactMap { facts.seconds[$0].goodP50 }
        }
        guard let reading = SteadyShare(windows),
            let before = median(quiet.compactMap { facts.seconds[$0].goodP50 }),
            let during = median(fast), before > 0
        else { return [] }
        let isEven = reading.dispersion <= 2.5
        let isPart = reading.share >= 0.05 && reading.share <= 0.7
        return [
            Finding(
                "steady_share",
                fired: isEven && isPart && during <= max(1.25 * before, before + 2),
                group: "share", n: reading.n, window: begun..<incident.untouched.upperBound,
                [
                    "share": reading.share, "dispersion": reading.dispersion,
                    "wait_ratio": during / before,
                ])
        ]
    }
}

/// The share of requests that fails, and how even it is over time.
private struct SteadyShare {
    struct Window {
        var done: Double
        var bad: Double
    }
    /// Seconds that are left out after the onset.
    static let settling = 5

    /// Of all requests.
    let share: Double
    /// The mean of (observed - expected)^2 / binomial variance over the windows: 1 by chance alone.
    let dispersion: Double
    /// Requests.
    let n: Int

    /// Nil with fewer than five windows of twenty requests, or when all or none failed.
    init?(_ windows: [Window]) {
        let usable = windows.filter { $0.done >= 20 }
        let done = usable.reduce(0) { $0 + $1.done }
        let bad = usable.reduce(0) { $0 + $1.bad }
        guard usable.count >= 5, bad >= 20, bad < done else { return nil }
        let share = bad / done
        self.share = share
        self.dispersion =
            usable.reduce(0) { sum, window in
                let expected = window.done * share
                let off = window.bad - expected
                return sum + off * off / (expected * (1 - share))
            } / Double(usable.count - 1)
        self.n = Int(done)
    }
}
