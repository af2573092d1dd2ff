import Measurements

/// What a run shows of a trigger and of the time after it: what `Metastability.judge` needs.
///
/// A trigger is load beyond what comes afterwards, or what the plan calls one. The time after it is
/// watched until the load is relieved, somebody intervenes or the run ends.
struct StormReading: Sendable {
    /// The figures of the formula.
    let storm: RetryStorm
    /// What happened.
    let seen: RecoveryEvidence
    /// Where the capacity is from: `rate while work waited`, `knee`, `intake`, or
    /// `highest rate seen`.
    let basis: String
    /// The first second after the trigger.
    let triggerEnd: Int
    /// The seconds from there to the relief, the intervention or the end.
    let watched: Range<Int>
    /// Attempts per step begun while it was down: the app's share.
    let app: Double
    /// What people's pressing again multiplies on top of that.
    let person: Double
    /// Reads a run; nil when it has no incident, no baseline, or 10 s or less after its trigger.
    init?(
        _ facts: RunFacts, baseline: Baseline, incident: Incident, knee: Knee?, server: ServerSeries
    ) {
        guard baseline.isSufficient else { return nil }
        let courses = LoadCourses(facts, baseline: baseline)
        guard courses.share > 0.5 else { return nil }
        let relief = ReliefReading.range(facts, after: incident.start)
        let interventions = facts.interventions.filter { $0 > Double(incident.start) }
        let end = min(
            relief?.lowerBound ?? facts.length, interventions.first.map { Int($0) } ?? facts.length)
        guard
            let trigger = StormReading.trigger(
                facts, courses, incident: incident.start, end: end), end - trigger.end > 10
        else { return nil }
        let watched = trigger.end..<end
        let load = courses.mean(courses.load, watched)
        guard load > 0 else { return nil }
        let recovery = RecoveryEvidence.recovery(
            good: courses.good, load: courses.load, share: courses.share, from: trigger.end,
            before: end)
        let down = StormReading.down(
            trigger: trigger.end, incident: incident.start, until: recovery ?? end)
        let (capacity, basis) = StormReading.capacity(
            facts, courses, knee: knee, quiet: baseline.range, before: trigger.end)
        guard capacity > 0 else { return nil }
        let whole = courses.sum(facts, down, \.attempts) / max(1, courses.sum(courses.load, down))
        let retries = courses.sum(facts, down, \.retries)
        let first = courses.sum(facts, down, \.attempts) - retries
        self.app = first > 0 ? 1 + retries / first : 1
        self.person = max(1, whole / max(1, self.app))
        self.storm = RetryStorm(
            capacity: capacity, load: load, amplification: whole,
            backlog: StormReading.backlog(
                facts, server, from: trigger.start, to: trigger.end,
                capacity: trigger.isLoad ? capacity : nil))
        let read = ReliefReading(facts, baseline: baseline, after: incident.start)
        self.seen = RecoveryEvidence(
            recovered: recovery.map { Double($0 - trigger.end) }, watched: Double(watched.count),
            recoveredAfterRelief: read?.isBack)
        self.basis = basis
        self.triggerEnd = trigger.end
        self.watched = watched
    }
}

// MARK: - Parts of a reading

extension StormReading {
    private struct Trigger {
        var start: Int
        var end: Int
        /// True when more load came than afterwards, false when the server did less.
        var isLoad: Bool
    }

    /// The trigger: a load clearly above the later one, or what the plan says.
    private static func trigger(
        _ facts: RunFacts, _ courses: LoadCourses, incident: Int, end: Int
    ) -> Trigger? {
        guard end - incident > 10 else { return nil }
        let later = ((incident + end) / 2)..<end
        guard let ordinary = median(later.map { courses.load[$0] }), ordinary > 0 else {
            return nil
        }
        // A Poisson stream's 5-s mean strays by sqrt(rate / 5).
        let bound = ordinary + max(0.2 * ordinary, 3.5 * (ordinary / 5).squareRoot())
        let first = max(0, incident - 60)
        let smooth = (first..<end).map { courses.smooth($0) }
        // A step crosses the middle of a centred mean where it is.
        let middle = (ordinary + (smooth.max() ?? 0)) / 2
        let above = (first..<end).filter { smooth[$0 - first] > max(bound, middle) }
        let borders = facts.record.manifest.phases.map { Int($0.end.rounded()) }
        if let start = above.first, let last = above.last {
            let border = borders.min { abs($0 - last - 1) < abs($1 - last - 1) }
            let exact = border.flatMap { abs($0 - last - 1) <= 5 ? $0 : nil } ?? (last + 1)
            return Trigger(start: start, end: min(exact, end), isLoad: true)
        }
        let manifest = facts.record.manifest
        let over = manifest.timeline.filter {
            $0.kind == "recovery" && $0.at > Double(incident) && $0.at < Double(end)
        }.map(\.at).min()
        if let over { return Trigger(start: incident, end: Int(over), isLoad: false) }
        let planned = manifest.timeline.last {
            $0.kind == "trigger" && $0.at <= Double(incident) + 5
        }
        let phase = planned.flatMap { event in
            manifest.phases.first { $0.start <= event.at && event.at < $0.end }
        }
        guard let phase, phase.end > Double(incident), phase.end < Double(end) else { return nil }
        return Trigger(start: incident, end: Int(phase.end), isLoad: false)
    }

    /// The seconds in which it was down: up to 30 s before it came back or was watched no more.
    private static func down(trigger: Int, incident: Int, until end: Int) -> Range<Int> {
        let range = max(trigger, end - 30)..<max(trigger, end)
        return range.count >= 5 ? range : min(incident, end)..<max(incident + 1, end)
    }

    private static func capacity(
        _ facts: RunFacts, _ courses: LoadCourses, knee: Knee?, quiet: Range<Int>, before end: Int
    ) -> (Double, String) {
        if let rate = StormReading.saturated(facts, quiet: quiet) {
            return (rate, "rate while work waited")
        }
        if let capacity = knee?.capacity { return (capacity, "knee") }
        if let measured = facts.record.closing?.capacityMeasured { return (measured, "intake") }
        let rates = stride(from: 0, to: max(0, end - 5), by: 1).map {
            courses.mean(courses.good, $0..<($0 + 5))
        }
        return (rates.max() ?? 0, "highest rate seen")
    }

    /// The good answers a second while work waited and nobody had left: all that the server can do.
    ///
    /// A trigger of seconds leaves no plateau to fit a knee to: before the queue is as long as the
    /// clients' patience, and again when it has drained, goodput is the capacity for a few seconds.
    /// Nil with fewer than three of them.
    private static func saturated(_ facts: RunFacts, quiet: Range<Int>) -> Double? {
        let usual = median(quiet.compactMap { facts.seconds[$0].goodP50 })
        guard let usual, usual > 0 else { return nil }
        let rates = facts.seconds.indices.filter { second in
            let row = facts.seconds[second]
            return facts.isClean(second) && row.good >= 5 && row.good >= 0.95 * row.done
                && (row.goodP50 ?? 0) >= 3 * usual
        }.map { facts.seconds[$0].good }
        return rates.count >= 3 ? median(rates) : nil
    }

    /// Attempts waiting when the trigger ended: what the server says, or what came beyond its
    /// capacity, or what got no answer, whichever is known first.
    private static func backlog(
        _ facts: RunFacts, _ server: ServerSeries, from start: Int, to end: Int, capacity: Double?
    ) -> Double {
        if let depth = server.values(.queueDepth, in: (end - 2)..<(end + 3)).max() { return depth }
        return (start..<end).clamped(to: 0..<facts.length).reduce(0.0) { waiting, second in
            let row = facts.seconds[second]
            guard let capacity else {
                return max(0, waiting + row.attempts - (row.done - row.timeouts - row.unconnected))
            }
            return max(0, waiting + row.attempts - row.refusals - row.unconnected - capacity)
        }
    }
}
