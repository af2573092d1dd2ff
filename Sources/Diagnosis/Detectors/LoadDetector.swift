extension Detector {
    /// Whether the trouble came with the load, and went with it.
    static let load = Detector(
        purpose: "Did the load change when the trouble began, and did its end end the trouble?",
        tests: ["unchanged_load", "outlasts_load", "improves_at_constant_load"]
    ) { file in
        [
            LoadDetector.unchanged(file), LoadDetector.outlasting(file),
            LoadDetector.improving(file),
        ].compactMap { $0 }
    }
}

private enum LoadDetector {
    /// A step although the load stayed: a release, a full disk, a switch, not a crowd (M25).
    static func unchanged(_ file: CaseFile) -> Finding? {
        guard let quiet = file.quiet, let incident = file.incident else { return nil }
        let facts = file.facts
        let before = facts.freshLoad(quiet)
        // A crowd that comes and an onset may fall into one second: five up to it, five after.
        let atOnset = max(
            facts.freshLoad(max(0, incident.start - 5)..<incident.start),
            facts.freshLoad(incident.start..<(incident.start + 5)))
        guard before >= 1, atOnset > 0 else { return nil }
        let ratio = atOnset / before
        // Between the two it could be either.
        guard ratio <= 1.25 || ratio >= 1.5 else { return nil }
        return Finding(
            "unchanged_load", fired: ratio <= 1.25, group: "load", n: quiet.count + 10,
            window: 0..<incident.start, ["before": before, "at_onset": atOnset])
    }

    /// It goes on failing at a load that it once carried, ten seconds and more after the crowd has
    /// left: used up, gone or switched off, or kept down by retries.
    static func outlasting(_ file: CaseFile) -> Finding? {
        guard let quiet = file.quiet, let incident = file.incident,
            let normal = file.facts.goodShare(quiet)
        else { return nil }
        let facts = file.facts
        // Beyond the recovery, if there is one, and up to the operator.
        let stop = facts.intervention(after: incident.start) ?? facts.length
        let trouble = incident.start..<max(incident.start + 1, stop)
        let carried = quiet.map { facts.seconds[$0].attempts }.max() ?? 0
        let peak = facts.load(in: trouble)
        guard peak > 0, carried > 0 else { return nil }
        let busiest = trouble.max { facts.load(at: $0) < facts.load(at: $1) } ?? 0
        // A queue that has to drain first is given as long as it can have grown.
        let after = trouble.filter { $0 >= busiest && facts.load(at: $0) <= 1.1 * carried }
        guard after.count >= 15, let first = after.first else { return nil }
        let settled = (first + 10)..<trouble.upperBound
        guard facts.load(at: busiest) >= 1.5 * carried,
            let share = facts.goodShare(settled)
        else { return nil }
        return Finding(
            "outlasts_load", fired: share < 0.9 * normal, group: "relief", n: settled.count,
            window: settled, ["good_share": share, "normal_share": normal])
    }

    /// Slow at first, then well at the same load: not warm yet, or more instances came (M23).
    ///
    /// The load was never higher before; a queue that drains has seen a higher one. What goes cold
    /// later is looked at from then on, up to the operator.
    static func improving(_ file: CaseFile) -> Finding? {
        let facts = file.facts
        let start = file.incident?.start ?? 0
        let whole = start..<max(start, facts.intervention(after: start) ?? facts.length)
        let usable = whole.filter { facts.isClean($0) && facts.seconds[$0].goodP50 != nil }
        guard usable.count >= 30 else { return nil }
        let loads = usable.map { facts.seconds[$0].attempts }
        // A load that stays within a quarter of its own mean.
        guard let usual = mean(loads), usual >= 5 else { return nil }
        let steady = usable.filter { abs(facts.load(at: $0) - usual) <= 0.25 * usual }
        guard steady.count >= 30, Double(steady.count) >= 0.8 * Double(usable.count) else {
            return nil
        }
        let third = steady.count / 3
        func level(_ seconds: ArraySlice<Int>) -> (slow: Double, good: Double) {
            let slow = median(seconds.compactMap { facts.seconds[$0].goodP50 }) ?? 0
            let done = seconds.reduce(0.0) { $0 + facts.seconds[$1].done }
            let good = seconds.reduce(0.0) { $0 + facts.seconds[$1].good }
            return (slow, done > 0 ? good / done : 0)
        }
        let early = level(steady.prefix(third))
        let late = level(steady.suffix(third))
        let isFaster = early.slow >= 1.5 * late.slow && early.slow - late.slow >= 20
        let isBetter = late.good >= early.good + 0.1
        let isNoWorse = late.good >= early.good - 0.02
        return Finding(
            "improves_at_constant_load", fired: (isFaster || isBetter) && isNoWorse,
            group: "improving", n: steady.count, window: whole,
            [
                "early_ms": early.slow, "late_ms": late.slow, "early_good": early.good,
                "late_good": late.good,
            ])
    }
}
