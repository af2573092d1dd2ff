import Primitives

/// What a lane waits for.
struct LaneTimer: Sendable, Hashable {
    /// Whose timer it is.
    enum Kind: UInt8, Sendable {
        /// The intent in a seat has waited long enough.
        case seat
        /// The intent in a seat must have ended, since its client has to go.
        case rampDown
        /// A population changes: a number of clients, its end, the end of its grace.
        case population
        /// A client begins its next intent.
        case client
        /// The person in a seat has waited long enough, or their journey has taken too long.
        case deadline
    }
    /// When.
    var at: MonotonicTime
    /// Whose.
    var kind: Kind
    /// The seat or the population.
    var index: Int32
    /// The seat's generation, or the client's index in its population.
    var detail: UInt32
}

/// Timers in order of time: a binary heap, O(log n) in and out, no allocation per timer.
///
/// Stale timers are not searched for; their owner recognises them by the generation.
struct TimerHeap: Sendable {
    private var items: [LaneTimer] = []

    /// The earliest timer's instant; nil when there is none.
    var next: MonotonicTime? { self.items.first?.at }
    /// How many timers are kept, stale ones included.
    var count: Int { self.items.count }

    /// Adds a timer.
    mutating func insert(_ timer: LaneTimer) {
        var index = self.items.count
        self.items.append(timer)
        while index > 0 {
            let parent = (index - 1) / 2
            if self.items[parent].at <= timer.at { break }
            self.items[index] = self.items[parent]
            index = parent
        }
        self.items[index] = timer
    }

    /// Takes out the earliest timer that is due; nil when none is.
    mutating func popDue(now: MonotonicTime) -> LaneTimer? {
        guard let first = self.items.first, first.at <= now else { return nil }
        let last = self.items.removeLast()
        if !self.items.isEmpty { self.sink(last) }
        return first
    }

    private mutating func sink(_ timer: LaneTimer) {
        var index = 0
        let count = self.items.count
        while true {
            var child = index * 2 + 1
            guard child < count else { break }
            if child + 1 < count, self.items[child + 1].at < self.items[child].at { child += 1 }
            if timer.at <= self.items[child].at { break }
            self.items[index] = self.items[child]
            index = child
        }
        self.items[index] = timer
    }
}
