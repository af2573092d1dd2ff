import Primitives

/// What can happen next in a simulated run; numbers are indices of attempts or intents.
enum SimulatedEvent {
    /// An intent of a population arrives.
    case arrival(Int)
    /// The generator gets round to an attempt.
    case begin(Int)
    /// A client knocks, for the first time or again.
    case knock(Int)
    /// The client's side of the connection is up.
    case connected(Int)
    /// A client that takes its connection for established sends again what was not acknowledged;
    /// the second number counts how often.
    case insist(Int, Int)
    /// The server has taken a connection out of its queue.
    case accepted(Int)
    /// The TLS handshake is done.
    case secured(Int)
    /// The request has arrived.
    case sent(Int)
    /// A unit of work is done; the second number is the process's.
    case served(Int, Int)
    /// A connection to the database is free again; the second number is the process's.
    case poolFree(Int)
    /// Waiting for a connection to the database has taken too long.
    case poolLate(Int, Int)
    /// An answer arrives.
    case answer(Int, Int)
    /// An attempt fails.
    case failure(Int, FailureClass)
    /// An attempt's own deadline, or that of its connection.
    case deadline(Int)
    case connectDeadline(Int)
    /// A connection that was kept open for a while closes; the second number is the process's.
    case close(Int)
    /// An intent tries again.
    case retry(Int)
    /// A person gives up.
    case giveUp(Int)
    /// A fault begins.
    case fault(Int)
    /// The process comes back.
    case restart(Int)
    /// A second is over.
    case tick(Int)
}

/// One attempt under way or over.
struct SimulatedAttempt {
    /// How far it has come.
    enum Phase {
        case waiting, connecting, securing, sending, awaiting, over
    }
    var population: Int
    var intent: Int
    var number: Int
    var intended: Double
    var started: Double
    var client: Int
    var size: Double
    var instance: Int
    var phase = Phase.waiting
    /// When the parts began; below zero where they did not run.
    var connectFrom = -1.0
    var connectedAt = -1.0
    var securedAt = -1.0
    var sendFrom = -1.0
    var sentAt = -1.0
    var firstByteAt = -1.0
    var knocks = 0
    var connection = -1
    var isReused = false
    /// The server has taken the connection, and holds a descriptor for it.
    var isAccepted = false
    /// It waits in the queue of work.
    var isQueued = false
    /// It holds a worker.
    var isServed = false
    /// It waits for a connection to the database.
    var waitsForPool = false
    /// What the server will answer when its unit of work is done.
    var status = 201
    var retryAfter: Int64?

    var isOver: Bool { self.phase == .over }
}

/// One person's wish.
struct SimulatedIntent {
    var population: Int
    var number: Int
    var arrival: Double
    var client: Int
    var size: Double
    var attempts = 0
    var current = -1
    var isOver = false
}

/// A server's counters and gauges.
struct SimulatedGauges {
    /// The process's number: after a crash nothing of the one before counts.
    var epoch = 0
    var isListening = true
    /// The process has no event before this, and what was due in a pause comes later by its length.
    var pausedUntil = 0.0
    var pauseLength = 0.0
    var workers = 0
    var busy = 0
    var open = 0
    var isAccepting = false
    var poolBusy = 0
    /// What the process had used of the processors a second ago.
    var processorBefore = 0.0
    /// Microseconds in which something waited for a processor, or everything for the disk.
    var processorStall = 0.0
    var diskStall = 0.0
    var linkFree = 0.0
    var diskFree = 0.0
    var handshakeFree = 0.0
    var memory = 100e6
    var stored = 0.0
    var storedItems = 0
    var done = 0
    var startedAt = 0.0
    // Counters since the process, or the machine, started.
    var processor = 0.0
    var ioWait = 0.0
    var overflows = 0
    var shed = 0
    var limited = 0
    var poolWait = 0.0
    var poolServed = 0
    var restarts = 0
    var pauses = 0.0
    var kills = 0
    var received = 0.0
    var accepted = 0
    var requests = 0
}

/// A queue that gives from either end without moving the rest.
struct SimulatedLine {
    private var members: [Int] = []
    private var head = 0

    var isEmpty: Bool { self.head == self.members.count }
    var count: Int { self.members.count - self.head }

    mutating func add(_ member: Int) { self.members.append(member) }

    mutating func takeFirst() -> Int? {
        guard !self.isEmpty else { return nil }
        defer {
            self.head += 1
            if self.head > 4_096, self.head * 2 > self.members.count {
                self.members.removeFirst(self.head)
                self.head = 0
            }
        }
        return self.members[self.head]
    }

    mutating func takeLast() -> Int? { self.isEmpty ? nil : self.members.popLast() }

    mutating func removeAll() {
        self.members.removeAll(keepingCapacity: true)
        self.head = 0
    }
}

/// Draws in order, for one purpose.
struct SimulatedDraws {
    private let source: CounterRandom
    private var taken = 0

    init(seed: UInt64, stream: Int) {
        self.source = CounterRandom(
            seed: seed, population: 7_000 + stream, intent: 0, purpose: .expression)
    }

    /// In [0, 1).
    mutating func uniform() -> Double {
        defer { self.taken += 1 }
        return self.source.uniform(self.taken)
    }

    mutating func value(_ distribution: Distribution) -> Double {
        let first = self.uniform()
        return distribution.value(first, self.uniform())
    }
}
