/// A bounded queue in front of a fixed number of workers: event in, action out, no I/O.
struct WorkQueue: Sendable {
    /// One unit of work; numbers are never used twice.
    typealias Ticket = Int

    /// What to do with an arrival.
    enum Admission: Sendable, Equatable {
        /// A worker is free and now taken.
        case start
        /// It waits; a later `finished` or `resized` names it.
        case wait
        /// The queue is full.
        case refuse
    }

    /// Units served at once.
    private(set) var workers: Int
    /// Units that may wait.
    private(set) var limit: Int
    /// The order of waiting.
    var order: IntakeSettings.QueueOrder
    /// Units being served; above `workers` only for a while after these were reduced.
    private(set) var busy = 0
    private var waiting: [Ticket] = []

    init(workers: Int, limit: Int, order: IntakeSettings.QueueOrder = .fifo) {
        precondition(workers > 0 && limit >= 0)
        self.workers = workers
        self.limit = limit
        self.order = order
    }

    /// How many wait.
    var depth: Int { self.waiting.count }

    /// Whether every worker is taken.
    var isSaturated: Bool { self.busy >= self.workers }

    /// A unit asks for a worker.
    mutating func arrived(_ ticket: Ticket) -> Admission {
        if self.busy < self.workers {
            self.busy += 1
            return .start
        }
        guard self.waiting.count < self.limit else { return .refuse }
        self.waiting.append(ticket)
        return .wait
    }

    /// A worker finished its unit; returns the unit it takes next.
    mutating func finished() -> Ticket? {
        precondition(self.busy > 0, "a worker finished that never started")
        self.busy -= 1
        return self.startOne()
    }

    /// A waiting unit gives up; false when it does not wait (any more).
    mutating func left(_ ticket: Ticket) -> Bool {
        guard let index = self.waiting.firstIndex(of: ticket) else { return false }
        self.waiting.remove(at: index)
        return true
    }

    /// The number of workers or the queue's bound changed; returns the units that start now.
    ///
    /// Units that wait beyond a smaller bound stay.
    mutating func resized(workers: Int, limit: Int) -> [Ticket] {
        precondition(workers > 0 && limit >= 0)
        self.workers = workers
        self.limit = limit
        var started: [Ticket] = []
        while let ticket = self.startOne() { started.append(ticket) }
        return started
    }

    /// Gives up everything that waits and admits nothing more than the workers can serve at once.
    mutating func closed() -> [Ticket] {
        self.limit = 0
        defer { self.waiting = [] }
        return self.waiting
    }

    private mutating func startOne() -> Ticket? {
        guard self.busy < self.workers, !self.waiting.isEmpty else { return nil }
        self.busy += 1
        return self.order == .fifo ? self.waiting.removeFirst() : self.waiting.removeLast()
    }
}
