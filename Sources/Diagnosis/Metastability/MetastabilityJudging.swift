/// What was seen of a server after its trigger ended.
package struct RecoveryEvidence: Sendable, Hashable {
    /// Seconds from the trigger's end to the recovery under ordinary load; nil when it stayed down.
    ///
    /// A recovery that came only after relief does not count here.
    package var recovered: Double?
    /// Seconds of ordinary load watched after the trigger, before any relief.
    package var watched: Double
    /// Whether it was back when load returned after relief; nil without a relief phase.
    package var recoveredAfterRelief: Bool?
    /// Useful answers per answer while it was down, 0 to 1; nil when unknown.
    package var usefulShare: Double?

    /// Evidence.
    package init(
        recovered: Double?, watched: Double, recoveredAfterRelief: Bool? = nil,
        usefulShare: Double? = nil
    ) {
        self.recovered = recovered
        self.watched = watched
        self.recoveredAfterRelief = recoveredAfterRelief
        self.usefulShare = usefulShare
    }

    /// The first second from `start` on whose window of 20 s is back to 95 % of the baseline.
    ///
    /// `good` and `load` are per second and equally long; `share` is the baseline's good per load.
    /// Nil when no whole window before `end` qualifies; windows without load say nothing.
    package static func recovery(
        good: [Double], load: [Double], share: Double, from start: Int, before end: Int,
        window: Int = 20
    ) -> Int? {
        let last = min(end, good.count, load.count) - window
        guard start >= 0, last >= start else { return nil }
        return (start...last).first { second in
            let range = second..<(second + window)
            let offered = load[range].reduce(0, +)
            return offered > 0 && good[range].reduce(0, +) >= 0.95 * share * offered
        }
    }
}

extension Metastability {
    /// Judges whether a server healed by itself.
    ///
    /// Infinite drain times become nil: JSON has no infinity. More load than capacity needs no loop
    /// to stay down: that is overload, and the state `not_applicable`.
    package static func judge(_ storm: RetryStorm, _ seen: RecoveryEvidence) -> Metastability {
        let state =
            storm.load < storm.capacity ? Metastability.state(storm, seen) : "not_applicable"
        return Metastability(
            state: state, tFresh: storm.tFresh.isFinite ? storm.tFresh : nil,
            tStorm: storm.tStorm.isFinite ? storm.tStorm : nil, tRecovered: seen.recovered,
            relief: seen.recoveredAfterRelief.map { $0 ? "recovered" : "did not recover" },
            loop: state == "METASTABLE" ? Metastability.loop(storm, seen) : nil,
            amplification: storm.amplification, load: storm.load, capacity: storm.capacity,
            backlog: storm.backlog)
    }

    private static func state(_ storm: RetryStorm, _ seen: RecoveryEvidence) -> String {
        if let recovered = seen.recovered {
            return recovered <= 2 * storm.tFresh + 10 ? "RECOVERED" : "RECOVERED_SLOWLY"
        }
        if storm.tStorm.isFinite, seen.watched < 2 * storm.tStorm { return "UNDECIDED" }
        guard let healed = seen.recoveredAfterRelief else { return "SUSTAINED" }
        return healed ? "METASTABLE" : "PERSISTENT"
    }

    private static func loop(_ storm: RetryStorm, _ seen: RecoveryEvidence) -> String {
        if storm.amplification >= 1.2 { return "retries" }
        if let useful = seen.usefulShare, useful < 0.5 { return "wasted work" }
        return "unknown"
    }
}
