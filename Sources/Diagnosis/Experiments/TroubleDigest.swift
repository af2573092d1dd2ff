package import Measurements

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What two runs are compared by: when the trouble began, at what, and how bad it was.
package struct TroubleDigest: Sendable, Hashable, Codable {
    /// False when nothing failed.
    package var hasTrouble: Bool
    /// True when the run cannot be used.
    package var isInvalid: Bool
    /// Seconds from the run's start to the onset; nil without one, 0 for what never was well.
    package var onset: Double?
    /// Attempts per second at the onset.
    package var rate: Double?
    /// Attempts begun until then.
    package var requests: Double?
    /// Body bytes sent until then.
    package var bytes: Double?
    /// Intents in flight then.
    package var concurrency: Double?
    /// The share of answers that were not good, from the onset to the recovery or the end.
    package var lost: Double
    /// Good answers per second at most; nil when the knee was not reached.
    package var capacity: Double?
    /// Attempts per second, second by second, over the 5 s that end with it.
    package var loads: [Double]
    /// Good answers per expected one in the relief's second half; nil without a relief.
    package var relieved: Double?
    /// Whether it was back after the relief; nil without one.
    package var backAfterRelief: Bool?
    /// When it was back; nil when it never was.
    package var recovered: Double?

    /// Reads a run.
    package init(_ record: RunRecord) {
        let file = CaseFile(RunFacts(record))
        let facts = file.facts
        self.isInvalid = file.gates.validity.state == .invalid
        self.hasTrouble = file.trouble != nil
        self.capacity = file.knee?.knee.capacity
        self.recovered = file.incident?.recovered.map { Double($0) }
        self.relieved = file.relief?.share
        self.backAfterRelief = file.relief?.isBack
        self.loads = (0..<facts.length).map { (facts.load(at: $0) * 10).rounded() / 10 }
        let range = file.incident?.range ?? 0..<facts.length
        let done = facts.total(range, \.done)
        self.lost = done > 0 ? 1 - facts.total(range, \.good) / done : 0
        guard let start = file.incident?.start ?? (file.trouble == nil ? nil : 0) else { return }
        self.onset = Double(start)
        self.rate = facts.load(at: start)
        self.requests = facts.total(0..<start, \.attempts)
        self.concurrency = start < facts.length ? facts.seconds[start].inFlight : nil
        let rows = Set((0..<min(start, facts.length)).map { facts.rowOf[$0] })
        self.bytes = rows.reduce(0.0) { sum, index in
            sum
                + record.seconds[index].populations.reduce(0.0) { $0 + Double($1.bytesUp) }
        }
    }

    /// A digest; tests make them.
    package init(
        hasTrouble: Bool, onset: Double? = nil, rate: Double? = nil, lost: Double = 0,
        relieved: Double? = nil, backAfterRelief: Bool? = nil, recovered: Double? = nil,
        isInvalid: Bool = false, loads: [Double] = []
    ) {
        self.recovered = recovered
        self.loads = loads
        self.hasTrouble = hasTrouble
        self.isInvalid = isInvalid
        self.onset = onset
        self.rate = rate
        self.lost = lost
        self.relieved = relieved
        self.backAfterRelief = backAfterRelief
    }

    /// The axes on which onsets of several runs are compared, as natural logarithms.
    package var axes: [OnsetAxis: Double] {
        var axes: [OnsetAxis: Double] = [:]
        func put(_ axis: OnsetAxis, _ value: Double?, _ share: Double = 1) {
            if let value, value > 0 { axes[axis] = share * log(value) }
        }
        put(.rate, self.rate)
        put(.concurrency, self.concurrency)
        // What adds up grows with the square of time on a ramp: halved, noise counts alike.
        put(.requests, self.requests, 0.5)
        put(.bytes, self.bytes, 0.5)
        put(.elapsed, self.onset)
        return axes
    }
}

extension Experiment {
    /// What came of it, read from the first run and the changed one; nil when the change could not
    /// show anything.
    package func outcome(base: TroubleDigest, changed: TroubleDigest) -> String? {
        guard base.hasTrouble, !changed.isInvalid else { return nil }
        switch self.id {
        case "E1": return Experiment.onsetOutcome(base, changed)
        case "E7": return Experiment.reliefOutcome(changed)
        default: return Experiment.severityOutcome(base, changed)
        }
    }

    /// Rate or clock: the axis on which the two onsets are clearly closer together.
    private static func onsetOutcome(_ base: TroubleDigest, _ changed: TroubleDigest) -> String? {
        guard changed.hasTrouble else { return "well" }
        guard let oldRate = base.rate, let rate = changed.rate, let oldOnset = base.onset,
            let onset = changed.onset, oldRate > 0, rate > 0, oldOnset > 0, onset > 0
        else { return "other" }
        let byClock = abs(log(onset / oldOnset))
        // A rate that was borne for a while is not what it broke at: the time is.
        let reached = changed.loads.firstIndex { $0 >= 0.9 * oldRate }.map(Double.init)
        let margin = max(5, 0.15 * oldOnset)
        if let reached, onset - reached > margin, byClock <= 0.3 { return "clock" }
        if let reached, abs(onset - reached) <= margin, byClock > 0.3 { return "rate" }
        let byRate = abs(log(rate / oldRate))
        let (near, far) = (min(byRate, byClock), max(byRate, byClock))
        // A factor of 1.35 is the onset's own noise; what is not twice as far is no difference.
        guard near <= 0.3, far >= 2 * near, far >= 0.15 else { return "other" }
        return byRate < byClock ? "rate" : "clock"
    }

    private static func reliefOutcome(_ changed: TroubleDigest) -> String? {
        guard changed.hasTrouble else { return "well" }
        guard let relieved = changed.relieved else { return nil }
        if relieved < 0.5 { return "same" }
        guard let back = changed.backAfterRelief else { return nil }
        return back ? "well" : "milder"
    }

    /// Better or worse by half: by what is lost, and by when and at what rate it begins.
    private static func severityOutcome(_ base: TroubleDigest, _ changed: TroubleDigest) -> String {
        guard changed.hasTrouble else { return "well" }
        func ratio(_ new: Double?, _ old: Double?) -> Double {
            guard let new, let old, old > 0 else { return 1 }
            return new / old
        }
        let later = ratio(changed.onset, base.onset)
        let higher = ratio(changed.rate, base.rate)
        if changed.lost < 0.65 * base.lost || (later >= 1.5 && higher >= 0.9) || higher >= 1.5 {
            return "milder"
        }
        if changed.lost > 1.5 * base.lost + 0.05 || later <= 0.67 || changed.onset == 0 && later < 1
        {
            return "worse"
        }
        return "same"
    }
}
