import Primitives

/// One tip on its way past the analysts.
struct ReviewRecord: Sendable, Equatable {
    /// The idempotency key of the tip.
    var key: String
    /// When the tip was accepted.
    var enqueued: MonotonicTime
    /// When an analyst was done with it; nil while it waits or is being read.
    var reviewed: MonotonicTime?
}

/// The Real Time Crime Center: analysts who read accepted tips, in virtual time.
///
/// Nothing runs in the background: whoever looks first brings the queue up to the present. A tip's
/// review is fixed when an analyst takes it, so a change of `perItem` counts from the next one on.
struct ReviewQueue: Sendable {
    private struct Entry: Sendable {
        var index: Int
        var priority: Double
    }

    private var analysts: [MonotonicTime]
    private var perItem: Nanoseconds
    private var order: IntakeSettings.ReviewOrder
    private var waiting: [Entry] = []
    private var head = 0
    private(set) var records: [ReviewRecord] = []
    /// Records taken by an analyst whose review ends later, by record number.
    private var ends: [(end: MonotonicTime, index: Int)] = []
    private(set) var reviewedCount = 0

    init(analysts: Int, perItem: Nanoseconds, order: IntakeSettings.ReviewOrder) {
        self.analysts = Array(repeating: MonotonicTime(nanoseconds: 0), count: analysts)
        self.perItem = perItem
        self.order = order
    }

    /// Tips accepted and not yet reviewed.
    var backlog: Int { self.records.count - self.reviewedCount }

    /// How long the oldest tip that is not reviewed has been waiting; nil when none waits.
    func oldestAge(at now: MonotonicTime) -> Nanoseconds? {
        let oldest = min(
            self.waiting[self.head...].map(\.index).min() ?? .max,
            self.ends.map(\.index).min() ?? .max)
        return oldest == .max ? nil : now - self.records[oldest].enqueued
    }

    /// A tip was accepted.
    mutating func accepted(key: String, priority: Double, at now: MonotonicTime) {
        self.advance(to: now)
        let entry = Entry(index: self.records.count, priority: priority)
        self.records.append(ReviewRecord(key: key, enqueued: now))
        self.insert(entry)
        self.advance(to: now)
    }

    /// The analysts, their speed or their order changed.
    mutating func changed(
        analysts: Int, perItem: Nanoseconds, order: IntakeSettings.ReviewOrder,
        at now: MonotonicTime
    ) {
        self.advance(to: now)
        while self.analysts.count > analysts { self.analysts.removeLast() }
        while self.analysts.count < analysts { self.analysts.append(now) }
        self.perItem = perItem
        if order != self.order {
            self.order = order
            let left = self.waiting[self.head...].sorted { $0.index < $1.index }
            self.waiting = []
            self.head = 0
            for entry in left { self.insert(entry) }
        }
        self.advance(to: now)
    }

    /// Brings the queue up to the present.
    mutating func advance(to now: MonotonicTime) {
        while self.head < self.waiting.count,
            let free = self.analysts.indices.min(by: { self.analysts[$0] < self.analysts[$1] })
        {
            let entry = self.waiting[self.head]
            let start = max(self.analysts[free], self.records[entry.index].enqueued)
            guard start <= now else { break }
            self.head += 1
            self.analysts[free] = start + self.perItem
            self.ends.append((start + self.perItem, entry.index))
        }
        if self.head > 1_024, self.head * 2 > self.waiting.count {
            self.waiting.removeFirst(self.head)
            self.head = 0
        }
        self.ends.removeAll { ended in
            guard ended.end <= now else { return false }
            self.records[ended.index].reviewed = ended.end
            self.reviewedCount += 1
            return true
        }
    }

    /// Keeps `waiting` sorted by who comes next; under `arrival` this is an append.
    private mutating func insert(_ entry: Entry) {
        guard self.order == .relevance else {
            self.waiting.append(entry)
            return
        }
        var (low, high) = (self.head, self.waiting.count)
        while low < high {
            let middle = (low + high) / 2
            if self.waiting[middle].priority >= entry.priority {
                low = middle + 1
            } else {
                high = middle
            }
        }
        self.waiting.insert(entry, at: low)
    }
}
