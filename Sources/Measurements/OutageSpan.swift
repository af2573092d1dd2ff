/// When most attempts were not good: what `outage_duration` and `recovery_time` are made of.
///
/// A second is out when attempts ended in it and fewer than half of them were good. Seconds in
/// which none ended are neither.
package struct OutageSpan: Sendable, Hashable {
    /// Seconds in which attempts ended.
    package private(set) var seconds = 0
    /// Of which out.
    package private(set) var out = 0
    /// The first second that was out.
    package private(set) var first: Int?
    /// One past the last second that was out.
    package private(set) var end: Int?
    /// True when the last second in which attempts ended was out.
    package private(set) var isOutAtTheEnd = false

    /// Nothing yet.
    package init() {}

    /// A second, or several in one row.
    package init(second: Int, width: Int, good: Int, ended: Int) {
        guard ended > 0 else { return }
        self.seconds = width
        guard 2 * good < ended else { return }
        self.out = width
        self.first = second
        self.end = second + width
        self.isOutAtTheEnd = true
    }

    /// Adds the time after this.
    package mutating func append(_ later: OutageSpan) {
        guard later.seconds > 0 else { return }
        self.seconds += later.seconds
        self.out += later.out
        self.first = self.first ?? later.first
        self.end = later.end ?? self.end
        self.isOutAtTheEnd = later.isOutAtTheEnd
    }

    /// Milliseconds that were out, by whole seconds; nil when nothing ended at all.
    package var duration: Double? { self.seconds > 0 ? Double(self.out) * 1_000 : nil }

    /// Milliseconds from the first second out to the end of the last one: 0 without an outage.
    ///
    /// Infinite when it was still out at the end; nil when nothing ended at all.
    package var recovery: Double? {
        guard self.seconds > 0 else { return nil }
        guard let first = self.first, let end = self.end else { return 0 }
        return self.isOutAtTheEnd ? .infinity : Double(end - first) * 1_000
    }
}
