#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A change of one signal away from its baseline that passed the gates of size and duration.
struct SignalChange: Sendable {
    /// The signal's name.
    var signal: String
    /// The first second of the change.
    var onset: Int
    /// A 95 % interval of that second.
    var interval: ClosedRange<Double>
    /// One past the last second of the change.
    var end: Int
    /// The baseline's median, in the signal's own unit.
    var before: Double
    /// The median of the change's first stretches.
    var after: Double
    /// Seconds that had a value.
    var n: Int
}

/// One per-second signal, and when a difference of it matters.
struct Signal: Sendable {
    /// Its name in the report.
    let name: String
    /// What people read: a share or milliseconds; nil where there are too few attempts.
    let raw: @Sendable (RunFacts.Second) -> Double?
    /// What is cut into stretches: a logit or a logarithm.
    let scaled: @Sendable (RunFacts.Second) -> Double?
    /// Whether a stretch's median is away from the baseline's, in the harmful direction.
    let isAway: @Sendable (_ baseline: Double, _ now: Double) -> Bool

    /// Attempts a second needs for a share.
    private static let enough = 5.0

    private static func share(
        _ name: String, _ part: @escaping @Sendable (RunFacts.Second) -> Double
    ) -> Signal {
        Signal(
            name: name,
            raw: { $0.done >= enough ? part($0) / $0.done : nil },
            scaled: { $0.done >= enough ? empiricalLogit(part($0), of: $0.done) : nil },
            isAway: { $1 - $0 >= 0.01 && $1 >= 3 * $0 })
    }

    /// The signals that are watched.
    static let all: [Signal] = [
        Signal(
            name: "goodput_share",
            raw: { $0.done >= enough ? $0.good / $0.done : nil },
            scaled: { $0.done >= enough ? empiricalLogit($0.good, of: $0.done) : nil },
            isAway: { $1 <= 0.9 * $0 }),
        // Half as slow again matters to nobody at 20 ms; a tenth of the objective does.
        Signal(
            name: "response_p95", raw: { $0.p95 }, scaled: { $0.p95.map { log(max($0, 0.001)) } },
            isAway: { $1 >= 1.5 * $0 && $1 >= 0.1 * KneeEstimate.objective }),
        share("timeouts") { $0.timeouts },
        share("refusals") { $0.refusals },
        share("no_connection") { $0.unconnected },
    ]

    private static func part(
        _ name: String, _ value: @escaping @Sendable (RunFacts.Second) -> Double?
    ) -> Signal {
        Signal(
            name: name, raw: value, scaled: { value($0).map { log(max($0, 0.001)) } },
            isAway: { $1 >= 1.5 * $0 && $1 >= 0.05 * KneeEstimate.objective })
    }

    /// Signals that harm nobody by themselves: they tell what came first, and no more.
    ///
    /// By Little's law and TCP the order is first byte, whole answer, timeouts, retries, and
    /// connections last; retries that rise before anything else are the clients' doing.
    static let explaining: [Signal] = [
        part("wait_p95") { $0.waitP95 },
        part("connect_p95") { $0.connectP95 },
        part("tls_p95") { $0.tlsP95 },
        Signal(
            name: "retries",
            raw: { $0.attempts >= enough ? $0.retries / $0.attempts : nil },
            scaled: {
                $0.attempts >= enough ? empiricalLogit($0.retries, of: $0.attempts) : nil
            },
            isAway: { $1 - $0 >= 0.05 && $1 >= 3 * $0 }),
    ]
}

/// Finds what changed first.
struct OnsetSearch: Sendable {
    /// The changes found that harm somebody, the earliest first.
    let changes: [SignalChange]
    /// Changes of signals that only explain, the earliest first.
    let explaining: [SignalChange]

    /// Seconds a change must last; a change that runs into the end counts from 5 s.
    static let persistence = 10

    /// Searches every signal after the baseline; maintenance and late seconds are left out.
    init(_ facts: RunFacts, baseline: Baseline) {
        guard baseline.isSufficient else {
            self.changes = []
            self.explaining = []
            return
        }
        func search(_ signals: [Signal]) -> [SignalChange] {
            signals.compactMap { OnsetSearch.change($0, facts, baseline: baseline) }
                .sorted { ($0.onset, $0.signal) < ($1.onset, $1.signal) }
        }
        var changes = search(Signal.all)
        if changes.isEmpty {
            changes =
                ShortOutages(facts, baseline: baseline).change(facts, baseline: baseline).map {
                    [$0]
                } ?? []
        }
        self.changes = OnsetSearch.adding(
            RecurringStalls(facts, baseline: baseline).change(facts),
            to: changes)
        self.explaining = self.changes.isEmpty ? [] : search(Signal.explaining)
    }

    /// Stalls come first where nothing else began until fifteen seconds later: what wavers just
    /// before it gives way is one onset and not two.
    private static func adding(
        _ stalls: SignalChange?, to changes: [SignalChange]
    ) -> [SignalChange] {
        guard let stalls, (changes.first?.onset ?? .max) >= stalls.onset + 15 else {
            return changes
        }
        return [stalls] + changes.filter { $0.signal != stalls.signal }
    }

    /// The signals that cannot be put in order with the first: their intervals overlap.
    var first: [SignalChange] {
        guard let earliest = self.changes.map(\.interval.upperBound).min() else { return [] }
        return (self.changes + self.explaining).filter { $0.interval.lowerBound <= earliest }
    }

    /// The change of one signal; nil when it did not change.
    func change(of signal: String) -> SignalChange? {
        (self.changes + self.explaining).first { $0.signal == signal }
    }

    private static func change(
        _ signal: Signal, _ facts: RunFacts, baseline: Baseline
    ) -> SignalChange? {
        let usable = (0..<facts.length).filter {
            facts.isClean($0) && signal.scaled(facts.seconds[$0]) != nil
        }
        let scaled = usable.compactMap { signal.scaled(facts.seconds[$0]) }
        let raw = usable.compactMap { signal.raw(facts.seconds[$0]) }
        let quiet = usable.indices.filter { baseline.range.contains(usable[$0]) }
        guard quiet.count >= 8, raw.count == usable.count else { return nil }
        let variance = longRunVariance(quiet.map { scaled[$0] }, floor: 0.1)
        let before = median(quiet.map { raw[$0] }) ?? 0
        let cut = Segmentation(scaled, variance: variance)
        var run: Range<Int>?
        for stretch in cut.stretches {
            let now = median(raw[stretch].map { $0 }) ?? before
            if signal.isAway(before, now), usable[stretch.lowerBound] >= baseline.range.count / 2 {
                run = (run?.lowerBound ?? stretch.lowerBound)..<stretch.upperBound
                continue
            }
            if let found = run, lasts(found, usable, facts) { break }
            run = nil
        }
        guard let run, lasts(run, usable, facts) else { return nil }
        let interval = OnsetSearch.interval(scaled, at: run.lowerBound, cut, variance: variance)
        let low = min(Double(usable[interval.lowerBound]), Double(usable[run.lowerBound]) - 1)
        let high = max(Double(usable[interval.upperBound]), Double(usable[run.lowerBound]) + 1)
        return SignalChange(
            signal: signal.name, onset: usable[run.lowerBound], interval: max(0, low)...high,
            end: usable[run.upperBound - 1] + 1, before: before,
            after: median(raw[run].map { $0 }) ?? before, n: usable.count)
    }

    private static func lasts(_ run: Range<Int>, _ usable: [Int], _ facts: RunFacts) -> Bool {
        let seconds = usable[run.upperBound - 1] + 1 - usable[run.lowerBound]
        if seconds >= OnsetSearch.persistence { return true }
        let stop = facts.maintenance.firstIndex(of: true) ?? facts.length
        let touchesEnd =
            run.upperBound == usable.count || usable[run.upperBound - 1] + 1 >= stop
        return seconds >= 5 && touchesEnd && usable[run.lowerBound] < stop
    }

    /// All places of the cut whose error is within 3.84 variances of the best one's.
    private static func interval(
        _ values: [Double], at place: Int, _ cut: Segmentation, variance: Double
    ) -> ClosedRange<Int> {
        guard place > 0, let stretch = cut.stretches.first(where: { $0.lowerBound == place }),
            let previous = cut.stretches.last(where: { $0.upperBound == place })
        else { return place...place }
        let sums = PrefixSums(values)
        let start = previous.lowerBound
        let end = stretch.upperBound
        let best = sums.cost(start, place) + sums.cost(place, end)
        let close = ((start + 1)..<end).filter {
            sums.cost(start, $0) + sums.cost($0, end) - best <= 3.84 * variance
        }
        // Only neighbours of the best place: a far one would be another change.
        var low = place
        while close.contains(low - 1) { low -= 1 }
        var high = place
        while close.contains(high + 1) { high += 1 }
        return low...high
    }
}
