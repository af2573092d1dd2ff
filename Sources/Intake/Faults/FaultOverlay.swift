import Primitives

/// A fault that is on.
struct ActiveFault: Sendable, Equatable {
    /// Its number.
    var index: Int
    /// The fault.
    var spec: FaultSpec
    /// Since when.
    var since: MonotonicTime
    /// Bytes that lay in the spool then.
    var spoolBytes: Int
}

extension IntakeSettings {
    /// The settings as they are while these faults are on; a later fault has the last word.
    ///
    /// Faults that are a setting with another value are nothing else but this.
    func under(_ faults: [ActiveFault]) -> IntakeSettings {
        var settings = self
        for fault in faults { settings.take(fault) }
        return settings
    }

    private mutating func take(_ fault: ActiveFault) {
        let spec = fault.spec
        switch spec.id {
        case .cpu:
            self.cpuCost += spec.duration("cost") ?? .zero
        case .workers:
            self.serviceTime += spec.duration("hold") ?? .zero
        case .queue:
            self.queue = spec.count("length") ?? self.queue
            self.serviceTime += spec.duration("hold") ?? .zero
        case .connections:
            self.maxConnections = spec.count("most")
        case .bodyLimit:
            self.bodyLimit = ByteCount(Int64(spec.count("largest") ?? 0))
        case .limiter:
            self.limiter.rate = spec.number("rate").map(Rate.init(perSecond:))
            self.limiter.burst = spec.count("burst") ?? self.limiter.burst
            self.limiter.key = spec.word("key") ?? self.limiter.key
            self.limiter.status = spec.count("status") ?? self.limiter.status
        case .shed:
            self.shed.above = spec.count("above")
            self.shed.status = spec.count("status") ?? self.shed.status
        case .quota:
            // The quota is story bytes; what the fault leaves is real.
            let limit = fault.spoolBytes + (spec.count("free") ?? 0)
            self.spoolQuota = ByteCount(
                Int64((Double(limit) * self.timeScale).rounded(.up)))
        case .analysts:
            self.review.analysts = spec.count("analysts") ?? self.review.analysts
            self.review.perItem = spec.duration("perItem") ?? self.review.perItem
        default: break
        }
    }
}

extension FaultSpec {
    /// How many times slower work is so long after a cold start; falls in a straight line to 1.
    func slowness(after age: Nanoseconds) -> Double {
        guard self.id == .cold, let factor = self.number("factor"),
            let warmup = self.duration("warmup"), age < warmup
        else { return 1 }
        return factor - (factor - 1) * max(0, age.seconds) / warmup.seconds
    }
}

/// Which of many are hit, so that their part of any run of them is as near to `share` as can be.
enum FaultShare {
    /// Whether the n-th, counted from 0, is hit.
    static func hits(_ n: Int, share: Double) -> Bool {
        (Double(n + 1) * share).rounded(.down) > (Double(n) * share).rounded(.down)
    }

    /// Where a text lies between 0 and 1: the same text always at the same place (FNV-1a, mixed).
    static func place(of text: String) -> Double {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Double(CounterRandom.mix(hash) >> 11) * 0x1p-53
    }
}

/// Spreads bytes over time so that no more than so many a second pass.
struct BandwidthPacer: Sendable, Equatable {
    /// Bytes a second.
    let rate: Double
    private var free: MonotonicTime?

    /// A pacer that has let nothing through yet.
    init(rate: Double) {
        precondition(rate > 0, "a rate of nothing lets nothing through")
        self.rate = rate
    }

    /// How long bytes that are here now have to wait for those before them, and for their own turn.
    mutating func wait(for bytes: Int, at now: MonotonicTime) -> Nanoseconds {
        let start = max(now, self.free ?? now)
        let end = start + Nanoseconds(seconds: Double(bytes) / self.rate)
        self.free = end
        return end - now
    }
}
