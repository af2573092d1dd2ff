import Primitives

/// Measures what the workers can do: completions a second while all of them are busy.
///
/// Only stretches of at least a second during which every worker was busy the whole time count,
/// so that an idle server reports nothing rather than its load.
struct CapacityMeter: Sendable {
    /// The shortest stretch that counts.
    static let shortest = Nanoseconds.seconds(1)

    private var since: MonotonicTime?
    private var count = 0
    private var totalSpan = Nanoseconds.zero
    private var totalCount = 0

    /// Whether all workers are busy from `now` on.
    mutating func saturated(_ isSaturated: Bool, at now: MonotonicTime) {
        if isSaturated {
            if self.since == nil {
                self.since = now
                self.count = 0
            }
        } else if let since = self.since {
            if now - since >= CapacityMeter.shortest {
                self.totalSpan += now - since
                self.totalCount += self.count
            }
            self.since = nil
        }
    }

    /// A unit was completed.
    mutating func completed() {
        self.count += 1
    }

    /// Begins anew, because the number of workers or their speed changed.
    mutating func reset() {
        self = CapacityMeter()
    }

    /// Completions a second; nil when the workers were never all busy for a second.
    func perSecond(at now: MonotonicTime) -> Double? {
        var (span, count) = (self.totalSpan, self.totalCount)
        if let since = self.since, now - since >= CapacityMeter.shortest {
            span += now - since
            count += self.count
        }
        return span > .zero ? Double(count) / span.seconds : nil
    }
}
