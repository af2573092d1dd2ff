extension Detector {
    /// The hinge: goodput stops following the load (research: diagnosis, 3.4).
    static let knee = Detector(
        purpose: "Is there a load beyond which goodput stays flat, and does it fall beyond that?",
        tests: ["hinge", "collapse", "shedding_works"]
    ) { file in
        guard let estimate = file.knee else { return [] }
        var statistic = ["tested": estimate.knee.tested, "advantage": estimate.advantage]
        if let capacity = estimate.knee.capacity, let ci = estimate.knee.ci {
            statistic["capacity"] = capacity
            statistic["low"] = ci[0]
            statistic["high"] = ci[1]
        }
        let hinge = Finding(
            "hinge", fired: estimate.knee.reached, group: "knee", n: estimate.n,
            window: estimate.window, statistic)
        return [
            hinge, KneeDetector.collapse(file, estimate), KneeDetector.shedding(file, estimate),
        ].compactMap { $0 }
    }
}

private enum KneeDetector {
    /// Goodput at 1.5 C and above: what the server does once it is asked for too much.
    static func collapse(_ file: CaseFile, _ estimate: KneeEstimate) -> Finding? {
        guard let index = estimate.knee.collapseIndex, let capacity = estimate.knee.capacity else {
            return nil
        }
        return Finding(
            "collapse", fired: index < 0.5, group: "collapse", n: estimate.n,
            window: estimate.window, ["index": index, "capacity": capacity]
        ).expected
    }

    /// The defence worked (M13): what is too much is turned away at once, the rest is served as
    /// well and as fast as ever.
    static func shedding(_ file: CaseFile, _ estimate: KneeEstimate) -> Finding? {
        guard let capacity = estimate.knee.capacity, let index = estimate.knee.collapseIndex,
            let quiet = file.quiet, let trouble = file.trouble
        else { return nil }
        let facts = file.facts
        let heavy = trouble.filter {
            facts.load(at: $0) >= 1.5 * capacity && !facts.maintenance[$0]
        }
        let before = median(quiet.compactMap { facts.seconds[$0].goodP50 })
        let during = median(heavy.compactMap { facts.seconds[$0].goodP50 })
        guard heavy.count >= 10, let before, let during, before > 0 else { return nil }
        let done = heavy.reduce(0.0) { $0 + facts.seconds[$1].done }
        let refused = heavy.reduce(0.0) { $0 + facts.seconds[$1].refusals }
        let bad = done - heavy.reduce(0.0) { $0 + facts.seconds[$1].good }
        // Whoever sheds keeps a short queue at most: three times the time, or 20 ms more. A queue
        // of a few times the workers, which is M02's or M01's, takes longer than that.
        let isPrompt = during <= max(3 * before, before + 20)
        let isPolite = bad > 0 && refused >= 0.9 * bad
        return Finding(
            "shedding_works", fired: index >= 0.9 && isPrompt && isPolite, group: "shedding",
            n: heavy.count, window: trouble,
            [
                "collapse_index": index, "wait_ratio": during / before,
                "refused_share": done > 0 ? refused / done : 0,
            ])
    }
}
