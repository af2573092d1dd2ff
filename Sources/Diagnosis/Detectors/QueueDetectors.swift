extension Detector {
    /// Work piles up faster than the load alone explains.
    static let queueGrowth = Detector(
        purpose: "Does work pile up inside the server?", tests: ["queue_growth"]
    ) { file in
        guard let incident = file.incident else { return [] }
        let facts = file.facts
        func level(_ range: Range<Int>) -> (inFlight: Double, load: Double)? {
            guard !range.isEmpty else { return nil }
            let count = Double(range.count)
            return (facts.total(range, \.inFlight) / count, facts.total(range, \.attempts) / count)
        }
        guard let before = level(file.baseline.range), let after = level(incident.untouched),
            before.load > 0, after.load > 0
        else { return [] }
        // By Little's law the ratio of times, whatever the ratio of loads.
        let wait = (after.inFlight / after.load) / ((before.inFlight + 0.1) / before.load)
        return [
            Finding(
                "queue_growth", fired: wait >= 3 && after.inFlight >= 20, group: "queue",
                n: incident.untouched.count, window: incident.untouched,
                [
                    "in_flight_before": before.inFlight, "in_flight_after": after.inFlight,
                    "wait_ratio": wait,
                ])
        ]
    }

    /// How the wait develops above the knee (research: diagnosis, 3.6): the queue's form.
    static let queueLaw = Detector(
        purpose: "Does the wait grow without end, or is it bounded and the rest refused?",
        tests: ["queue_unbounded", "queue_bounded"]
    ) { file in
        guard let trouble = file.trouble, let capacity = file.knee?.knee.capacity else { return [] }
        let over = trouble.filter {
            file.facts.isClean($0) && file.facts.load(at: $0) >= 1.05 * capacity
        }
        guard over.count >= 10 else { return [] }
        return [
            QueueLaw.unbounded(file, over, capacity: capacity),
            QueueLaw.bounded(file, over, capacity: capacity),
        ].compactMap { $0 }
    }
}

private enum QueueLaw {
    /// Seen by the second of the answer a FIFO's wait rises by 1 - C/a a second, in a line.
    ///
    /// (By the second of arrival it is a/C - 1; journals count answers when they come.)
    static func unbounded(_ file: CaseFile, _ over: [Int], capacity: Double) -> Finding? {
        let facts = file.facts
        let refused = over.reduce(0.0) { $0 + facts.seconds[$1].refusals }
        let done = over.reduce(0.0) { $0 + facts.seconds[$1].done }
        // Up to the first timeouts: afterwards only the short waits are seen to the end.
        let seen = over.prefix { facts.seconds[$0].timeouts <= 0.05 * facts.seconds[$0].done }
        let points = seen.compactMap { second in
            facts.seconds[second].goodP50.map { (x: Double(second), y: $0 / 1_000) }
        }
        guard points.count >= 8, done > 0, let fit = LinearFit(points) else { return nil }
        let load = seen.reduce(0.0) { $0 + facts.seconds[$1].attempts } / Double(seen.count)
        let expected = load > 0 ? 1 - capacity / load : 0
        let isLine = fit.explained >= 0.9 && fit.slope >= 0.02
        let isLaw = abs(fit.slope - expected) <= 0.15
        return Finding(
            "queue_unbounded", fired: isLine && isLaw && refused <= 0.01 * done,
            group: "queue law", n: points.count, window: (seen.first ?? 0)..<((seen.last ?? 0) + 1),
            [
                "slope": fit.slope, "expected": expected, "explained": fit.explained,
                "refused_share": refused / done,
            ]
        ).expected
    }

    /// The wait of what is accepted stays flat, and what is above capacity is refused.
    static func bounded(_ file: CaseFile, _ over: [Int], capacity: Double) -> Finding? {
        let facts = file.facts
        // The queue has to fill first: the second half.
        let late = over.suffix(over.count / 2)
        let waits = late.compactMap { second in
            facts.seconds[second].goodP50.map { (x: Double(second), y: $0 / 1_000) }
        }
        guard waits.count >= 5, let fit = LinearFit(waits),
            let variation = robustVariation(waits.map(\.y))
        else { return nil }
        let attempts = late.reduce(0.0) { $0 + facts.seconds[$1].attempts }
        let refused = late.reduce(0.0) { $0 + facts.seconds[$1].refusals }
        guard attempts > 0 else { return nil }
        let share = refused / attempts
        let expected = 1 - capacity * Double(late.count) / attempts
        let isFlat = abs(fit.slope) < 0.02 && variation <= 0.3
        return Finding(
            "queue_bounded", fired: isFlat && share >= 0.02 && abs(share - expected) <= 0.05,
            group: "queue law", n: waits.count, window: (late.first ?? 0)..<((late.last ?? 0) + 1),
            [
                "slope": fit.slope, "variation": variation, "refused_share": share,
                "expected_share": expected,
            ]
        ).expected
    }
}
