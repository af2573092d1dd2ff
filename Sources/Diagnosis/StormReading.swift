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
    /// Where the capacity is from: `knee`, `intake` or `highest rate seen`.
    let basis: String
    /// The first second after the trigger.
    let triggerEnd: Int
    /// The seconds from there to the relief, the intervention or the end.
    let watched: Range<Int>
    /// Attempts per step begun while it was down: the app's share.
    let app: Double
    /// What people's pressing again multiplies on top of that.
    let person: Double
    /// The relief; nil without one.
    let relief: Range<Int>?
    /// Good answers per expected one in the relief's second half, over the baseline's; nil
    /// without a relief or load in it.
    let relieved: Double?

    /// Reads a run; nil when it has no incident, no baseline, or 10 s or less after its trigger.
    init?(
        _ facts: RunFacts, baseline: Baseline, incident: Incident, knee: Knee?, server: ServerSeries
    ) {
        guard baseline.isSufficient else { return nil }
        let courses = Courses(facts, baseline: baseline)
        guard courses.share > 0.5 else { return nil }
        let relief = StormReading.relief(facts, after: incident.start)
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
            facts, courses, knee: knee, before: trigger.end)
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
        let after = relief.map { $0.upperBound..<facts.length }
        let window = min(20, after?.count ?? 0)
        self.seen = RecoveryEvidence(
            recovered: recovery.map { Double($0 - trigger.end) }, watched: Double(watched.count),
            recoveredAfterRelief: window >= 10
                ? after.map {
                    RecoveryEvidence.recovery(
                        good: courses.good, load: courses.load, share: courses.share,
                        from: $0.lowerBound, before: $0.upperBound, window: window) != nil
                } : nil)
        self.relief = relief
        self.relieved = relief.flatMap { range in
            let half = ((range.lowerBound + range.upperBound) / 2)..<range.upperBound
            let expected = courses.sum(courses.load, half) * courses.share
            return expected >= 5 ? courses.sum(courses.good, half) / expected : nil
        }
        self.basis = basis
        self.triggerEnd = trigger.end
        self.watched = watched
    }
}

// MARK: - Courses

/// Load and goodput second by second.
private struct Courses {
    /// Attempts that arrivals would cause if nobody tried again.
    let load: [Double]
    /// Good answers.
    let good: [Double]
    /// Good answers per expected attempt in the baseline.
    let share: Double

    init(_ facts: RunFacts, baseline: Baseline) {
        let offered = (0..<facts.length).map { second in
            let row = facts.record.seconds[facts.rowOf[second]]
            return facts.loadedPopulations.filter { $0 < row.populations.count }
                .reduce(0.0) { $0 + Double(row.populations[$1].offered) }
                / Double(max(1, row.width))
        }
        let quiet = baseline.range.clamped(to: 0..<facts.length)
        let arrived = offered[quiet].reduce(0, +)
        let attempts = facts.total(quiet, \.attempts)
        // Steps per intent, taken where nobody has a reason to try again.
        let perArrival = arrived > 0 ? attempts / arrived : 0
        self.load = offered.map { $0 * perArrival }
        self.good = facts.seconds.map(\.good)
        self.share = attempts > 0 ? facts.total(quiet, \.good) / attempts : 0
    }

    func sum(_ values: [Double], _ range: Range<Int>) -> Double {
        values[range.clamped(to: 0..<values.count)].reduce(0, +)
    }

    func mean(_ values: [Double], _ range: Range<Int>) -> Double {
        range.isEmpty ? 0 : self.sum(values, range) / Double(range.count)
    }

    func sum(_ facts: RunFacts, _ range: Range<Int>, _ value: (RunFacts.Second) -> Double) -> Double
    {
        facts.total(range, value)
    }

    /// The mean load of the 5 s around a second.
    func smooth(_ second: Int) -> Double {
        let range = (second - 2)..<(second + 3)
        let inside = range.clamped(to: 0..<self.load.count)
        return self.mean(self.load, inside)
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

    private static func relief(_ facts: RunFacts, after start: Int) -> Range<Int>? {
        facts.record.manifest.phases.first { $0.kind == .relief && $0.start > Double(start) }
            .map { Int($0.start.rounded())..<min(facts.length, Int($0.end.rounded())) }
            .flatMap { $0.count >= 5 ? $0 : nil }
    }

    /// The trigger: a load clearly above the later one, or what the plan says.
    private static func trigger(
        _ facts: RunFacts, _ courses: Courses, incident: Int, end: Int
    ) -> Trigger? {
        guard end - incident > 10 else { return nil }
        let later = ((incident + end) / 2)..<end
        guard let ordinary = median(later.map { courses.load[$0] }), ordinary > 0 else {
            return nil
        }
        // A Poisson stream's 5-s mean strays by sqrt(rate / 5).
        let bound = ordinary + max(0.2 * ordinary, 3.5 * (ordinary / 5).squareRoot())
        let first = max(0, incident - 60)
        let above = (first..<end).filter { courses.smooth($0) > bound }
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
        _ facts: RunFacts, _ courses: Courses, knee: Knee?, before end: Int
    ) -> (Double, String) {
        if let capacity = knee?.capacity { return (capacity, "knee") }
        if let measured = facts.record.closing?.capacityMeasured { return (measured, "intake") }
        let rates = stride(from: 0, to: max(0, end - 5), by: 1).map {
            courses.mean(courses.good, $0..<($0 + 5))
        }
        return (rates.max() ?? 0, "highest rate seen")
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
