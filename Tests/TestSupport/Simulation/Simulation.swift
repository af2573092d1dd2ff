import Measurements
import Primitives

/// A server and its clients in virtual time, event by event.
///
/// Open loop: arrivals come when the curves say. Deterministic in the seed. Costs about a
/// microsecond an event, and some ten events a request.
package struct Simulation: Sendable {
    /// The server.
    package var server = SimulatedServer()
    /// The clients.
    package var crowds: [SimulatedCrowd] = []
    /// Seconds in which intents arrive.
    package var seconds = 90
    /// The seed of all draws.
    package var seed: UInt64 = 1
    /// Attempts a second that the load generator itself manages; nil for any number.
    package var generatorLimit: Double?
    /// The share of seconds in which the generator's machine is late by some 60 ms.
    package var stalls = 0.0
    /// Delays of a client's knocks after the first, as its kernel makes them (diagnosis, 0.2).
    package var knocks = Simulation.linearKnocks
    /// The most attempts that are listed; beyond, every second one, every third and so on.
    package var listed = 20_000
    /// Whether the server's own samples are in the record.
    package var samplesServer = true
    /// What the timeline announces as the trigger; nil for nothing.
    package var announcedTrigger: Double?
    /// Phases of load with their kinds; the whole run when empty.
    package var phases: [SimulatedPhase] = []

    /// Linux since 6.5, as measured.
    package static let linearKnocks = [1.0, 2.0, 3.0, 4.1, 5.2, 7.2, 11.3]
    /// Doubling waits: Linux before.
    package static let doublingKnocks = [1.0, 3.0, 7.2, 15.4]
    /// When data is sent again on a connection that the server has not taken in, as measured.
    static let insistence = [0.2, 0.4, 1.2, 2.6, 4.2, 7.4]

    /// An empty simulation.
    package init() {}

    /// Runs it.
    package func outcome() -> SimulatedOutcome {
        var run = SimulationRun(self)
        return run.play()
    }
}

/// A phase of load.
package struct SimulatedPhase: Sendable {
    /// Its name.
    package var name: String
    /// Its kind, as the manifest names them: `load`, `relief`, `maintenance`.
    package var kind = "load"
    /// Where it begins and ends, in seconds.
    package var range: Range<Double>

    /// A phase.
    package init(_ name: String, _ range: Range<Double>, kind: String = "load") {
        self.name = name
        self.range = range
        self.kind = kind
    }
}

/// A run under way: what the clients do.
///
/// What the server does is in the extensions.
struct SimulationRun {
    let plan: Simulation
    var now = 0.0
    var events = EventQueue<SimulatedEvent>()
    var attempts: [SimulatedAttempt] = []
    var intents: [SimulatedIntent] = []
    var gauges = SimulatedGauges()
    var recorder: SimulationRecorder
    // The server's queues.
    var backlog = SimulatedLine()
    var waiting = SimulatedLine()
    var waitingForPool = SimulatedLine()
    /// Those of `waiting` and of `waitingForPool` whose clients are still there.
    var queued = 0
    var poolQueued = 0
    /// Tokens by client, and when they were counted.
    var buckets: [Int: (tokens: Double, at: Double)] = [:]
    /// Which faults have begun.
    var isActive: [Bool]
    // The clients' side.
    var idle: [[Int]] = []
    var budgets: [Double] = []
    var numbers: [Int] = []
    var connections = 0
    var connectionOwner: [Int] = []
    var generatorFree = 0.0
    var firstOpen = 0
    // One stream of draws per purpose, so that a fault shifts nobody's arrival.
    var arrivalDraws: [SimulatedDraws]
    var clientDraws: SimulatedDraws
    var serverDraws: SimulatedDraws

    init(_ plan: Simulation) {
        self.plan = plan
        self.recorder = SimulationRecorder(plan)
        self.isActive = plan.server.faults.map { _ in false }
        self.idle = plan.crowds.map { Array(repeating: -1, count: $0.clients ?? 0) }
        self.budgets = plan.crowds.map { _ in 10 }
        self.numbers = plan.crowds.map { _ in 0 }
        self.arrivalDraws = plan.crowds.indices.map {
            SimulatedDraws(seed: plan.seed, stream: 100 + $0)
        }
        self.clientDraws = SimulatedDraws(seed: plan.seed, stream: 1)
        self.serverDraws = SimulatedDraws(seed: plan.seed, stream: 2)
        self.gauges.workers = plan.server.workers
    }

    /// Plays it to its end.
    mutating func play() -> SimulatedOutcome {
        for population in self.plan.crowds.indices { self.scheduleArrival(population, after: 0) }
        for (index, fault) in self.plan.server.faults.enumerated() {
            if case .time(let time) = fault.trigger { self.events.add(.fault(index), at: time) }
        }
        let end = Double(self.recorder.length)
        for second in 0..<self.recorder.length {
            self.events.add(.tick(second), at: Double(second + 1))
        }
        while let (time, event) = self.events.next(), time <= end {
            self.now = time
            self.handle(event)
        }
        for index in self.intents.indices where !self.intents[index].isOver {
            let intent = self.intents[index]
            self.recorder.end(
                intent.population, arrival: intent.arrival, at: end, ending: .unfinished)
        }
        return self.recorder.outcome(self)
    }

    private mutating func handle(_ event: SimulatedEvent) {
        switch event {
        case .arrival(let population): self.arrive(population)
        case .begin(let attempt): self.begin(attempt)
        case .knock(let attempt): self.knock(attempt)
        case .connected(let attempt): self.connected(attempt)
        case .insist(let attempt, let count): self.insist(attempt, count)
        case .sent(let attempt): self.sent(attempt)
        case .answer(let attempt, let status):
            self.attempts[attempt].firstByteAt = self.now
            self.finish(attempt, .status(status))
        case .failure(let attempt, let failure): self.finish(attempt, .failure(failure))
        case .deadline(let attempt): self.finish(attempt, self.lateness(attempt))
        case .connectDeadline(let attempt):
            if self.attempts[attempt].phase == .connecting {
                self.finish(attempt, .failure(.connectTimeout))
            }
        case .retry(let intent): self.attempt(intent, intended: self.now)
        case .giveUp(let intent): self.giveUp(intent)
        case .accepted, .secured, .served, .poolFree, .poolLate, .close, .fault, .restart, .tick:
            self.handleServer(event)
        }
    }
}

// MARK: - Arrivals and endings

extension SimulationRun {
    private mutating func scheduleArrival(_ population: Int, after time: Double) {
        let crowd = self.plan.crowds[population]
        let gap = self.arrivalDraws[population].value(crowd.gaps)
        guard let next = crowd.rate.moment(after: time, count: gap),
            next < Double(self.plan.seconds)
        else { return }
        self.events.add(.arrival(population), at: next)
    }

    private mutating func arrive(_ population: Int) {
        self.scheduleArrival(population, after: self.now)
        let crowd = self.plan.crowds[population]
        let number = self.numbers[population]
        self.numbers[population] += 1
        let size = self.clientDraws.value(crowd.body).rounded()
        let index = self.intents.count
        self.intents.append(
            SimulatedIntent(
                population: population, number: number, arrival: self.now,
                client: crowd.clients.map { number % $0 } ?? number, size: size))
        self.recorder.offer(population, at: self.now)
        if let patience = crowd.patience {
            self.events.add(.giveUp(index), at: self.now + patience)
        }
        if let budget = crowd.retry.budget {
            self.budgets[population] = min(100, self.budgets[population] + budget)
        }
        self.attempt(index, intended: self.now)
    }

    private mutating func attempt(_ intent: Int, intended: Double) {
        guard !self.intents[intent].isOver else { return }
        let wish = self.intents[intent]
        var started = intended
        if let limit = self.plan.generatorLimit {
            started = max(intended, self.generatorFree)
            self.generatorFree = started + 1 / limit
        }
        let index = self.attempts.count
        self.attempts.append(
            SimulatedAttempt(
                population: wish.population, intent: intent, number: wish.attempts,
                intended: intended, started: started, client: wish.client, size: wish.size,
                instance: wish.client % max(1, self.plan.server.instances)))
        self.intents[intent].attempts += 1
        self.intents[intent].current = index
        if started > self.now {
            self.events.add(.begin(index), at: started)
        } else {
            self.begin(index)
        }
    }

    private mutating func giveUp(_ intent: Int) {
        guard !self.intents[intent].isOver else { return }
        let current = self.intents[intent].current
        self.end(intent, .gaveUp)
        if current >= 0, !self.attempts[current].isOver {
            self.finish(current, .failure(.abandoned))
        }
    }

    private mutating func end(_ intent: Int, _ ending: IntentEnding) {
        guard !self.intents[intent].isOver else { return }
        self.intents[intent].isOver = true
        let wish = self.intents[intent]
        self.recorder.end(wish.population, arrival: wish.arrival, at: self.now, ending: ending)
    }

    private func lateness(_ index: Int) -> Outcome {
        switch self.attempts[index].phase {
        case .connecting, .waiting:
            // Without a name there was nobody to connect to.
            self.attempts[index].connectFrom < 0
                ? .failure(.dnsTimeout) : .failure(.connectTimeout)
        case .securing: .failure(.tlsTimeout)
        case .sending: .failure(.sendTimeout)
        case .awaiting, .over: .failure(.firstByteTimeout)
        }
    }

    /// Ends an attempt, frees what it held, and decides what its intent does.
    mutating func finish(_ index: Int, _ outcome: Outcome) {
        guard !self.attempts[index].isOver else { return }
        guard self.attempts[index].phase != .waiting else {
            // The generator never got round to it.
            self.attempts[index].phase = .over
            return
        }
        var outcome = outcome
        var isGood = false
        if case .status(let code) = outcome { isGood = (200..<300).contains(code) }
        if isGood, let odd = self.oddAnswer() {
            outcome = odd
            isGood = false
        }
        let attempt = self.attempts[index]
        let number = self.intents[attempt.intent].number
        self.recorder.end(attempt, outcome, isGood: isGood, at: self.now, number: number)
        self.attempts[index].phase = .over
        while self.firstOpen < self.attempts.count, self.attempts[self.firstOpen].isOver {
            self.firstOpen += 1
        }
        self.leave(index, outcome)
        let intent = attempt.intent
        guard !self.intents[intent].isOver else { return }
        if isGood {
            self.end(intent, .accepted)
        } else if let wait = self.nextTry(attempt, outcome) {
            self.events.add(.retry(intent), at: self.now + wait)
        } else if case .status(let code) = outcome, code < 500, code != 429, code != 200 {
            self.end(intent, .rejected)
        } else {
            self.end(intent, .failed)
        }
    }

    private mutating func nextTry(_ attempt: SimulatedAttempt, _ outcome: Outcome) -> Double? {
        let policy = self.plan.crowds[attempt.population].retry
        guard attempt.number < policy.max else { return nil }
        if case .status(let code) = outcome, code < 500, code != 429 { return nil }
        if policy.budget != nil {
            guard self.budgets[attempt.population] >= 1 else { return nil }
            self.budgets[attempt.population] -= 1
        }
        var wait = policy.delay
        if policy.isExponential { wait *= Double(1 << min(10, attempt.number)) }
        if policy.hasJitter { wait *= self.clientDraws.uniform() }
        return wait
    }
}
