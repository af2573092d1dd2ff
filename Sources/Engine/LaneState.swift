import Measurements
import Primitives

/// Which intents run on a lane, and what happens next: event in, actions out.
///
/// No clock, no sockets, no recorder. Actions are appended to the caller's list, which it reuses,
/// so that an event costs no allocation. A seat is a client's place while the client exists; a
/// waiting client is a seat and a timer, about 150 bytes together.
struct LaneState: Sendable {
    /// A client's place.
    struct Seat: Sendable {
        /// The population of the intent in the seat.
        var population = 0
        /// Counts the seat's intents, so that stale timers and tokens are recognised.
        var generation: UInt32 = 0
        /// Intents the seat's client has served.
        var uses = 0
        /// The client's index in its population's clients on this lane; nil in open executors.
        var client: Int?
        /// The client of its population, on this lane, whose connections the seat shares with
        /// others; nil when it has its own.
        var owner: Int?
        /// True between an intent's arrival and its end.
        var isOccupied = false
        /// When the intent arrived.
        var arrival = MonotonicTime(nanoseconds: 0)
        /// The intent.
        var intent = IntentMachine(intent: 0)
    }
    /// This lane's number, from 0.
    let lane: Int
    /// How many lanes share the load.
    let lanes: Int
    /// The run's start.
    let origin: MonotonicTime
    var seats: [Seat] = []
    var freeSeats: [Int] = []
    var crowds: [CrowdState]
    var timers = TimerHeap()
    /// The forks under way, by the seat whose branches they are.
    var forks: [Int: ForkState] = [:]
    /// Whose branch a seat is.
    var forkers: [Int: Int] = [:]

    /// A lane's share of the populations.
    init(crowds: [Crowd], origin: MonotonicTime, lane: Int = 0, lanes: Int = 1) {
        precondition(lane >= 0 && lane < lanes, "a lane's number is below the number of lanes")
        self.lane = lane
        self.lanes = lanes
        self.origin = origin
        self.crowds = crowds.map { CrowdState($0, origin: origin, lane: lane, lanes: lanes) }
        for index in crowds.indices { self.planPopulation(index) }
    }

    /// When `timerFired` has to be called next; nil when nothing is left to wait for.
    var nextAlarm: MonotonicTime? {
        var next = self.timers.next
        for crowd in self.crowds {
            guard let arrival = crowd.nextAt else { continue }
            if next.map({ arrival < $0 }) ?? true { next = arrival }
        }
        return next
    }

    /// True when every population has ended and no intent is in flight.
    var isFinished: Bool { self.crowds.allSatisfy(\.isFinished) }

    /// Intents between arrival and end.
    var inFlight: Int { self.crowds.reduce(0) { $0 + $1.inFlight } }

    /// Time has come to `nextAlarm` or beyond: what is due happens, in order of time, at most so
    /// much of it; `nextAlarm` then tells that there is more.
    mutating func timerFired(
        now: MonotonicTime, atMost limit: Int = .max, into actions: inout [LaneAction]
    ) {
        var left = limit
        while left > 0 {
            left -= 1
            let timer = self.timers.next
            let crowd = self.nextCrowd(now: now)
            if let crowd, timer.map({ (self.crowds[crowd].nextAt ?? now) < $0 }) ?? true {
                self.release(crowd, into: &actions)
                continue
            }
            guard let due = self.timers.popDue(now: now) else { return }
            self.fire(due, now: now, into: &actions)
        }
    }

    /// The attempt in a seat ended at that instant.
    mutating func attemptEnded(
        seat: Int, facts: AttemptFacts, at end: MonotonicTime, into actions: inout [LaneAction]
    ) {
        let population = self.seats[seat].population
        let facts = self.settleBudget(
            self.settleRelief(facts, seat: seat, at: end), seat: seat, at: end)
        let action = self.seats[seat].intent.attemptEnded(
            facts, at: end, journey: self.crowds[population].crowd.journey)
        if self.seats[seat].intent.person.isPressing { self.armDeadline(seat: seat) }
        self.follow(action, seat: seat, now: end, into: &actions)
    }

    /// The attempt asked for in a seat could not be drafted.
    mutating func draftFailed(seat: Int, now: MonotonicTime, into actions: inout [LaneAction]) {
        let population = self.seats[seat].population
        let action = self.seats[seat].intent.draftFailed(
            journey: self.crowds[population].crowd.journey)
        self.follow(action, seat: seat, now: now, into: &actions)
    }

    /// No intent begins any more; those in flight may finish within their population's grace.
    ///
    /// An arrival that was due and not yet released has not arrived: it is not offered.
    mutating func stop(now: MonotonicTime) {
        for index in self.crowds.indices { self.close(index, now: now) }
    }

    /// Every intent in flight ends now, its attempt cancelled.
    mutating func cut(now: MonotonicTime, into actions: inout [LaneAction]) {
        for index in self.crowds.indices {
            self.close(index, now: now)
            self.cut(population: index, now: now, into: &actions)
        }
    }

    private func nextCrowd(now: MonotonicTime) -> Int? {
        var best: Int?
        var earliest = now
        for index in self.crowds.indices {
            guard let at = self.crowds[index].nextAt, at <= now else { continue }
            if best == nil || at < earliest {
                best = index
                earliest = at
            }
        }
        return best
    }

    private mutating func fire(
        _ timer: LaneTimer, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        let index = Int(timer.index)
        switch timer.kind {
        case .seat:
            guard self.isCurrent(index, timer.detail),
                self.seats[index].intent.waits(for: timer.at)
            else { return }
            let population = self.seats[index].population
            let presses = self.seats[index].intent.person.presses
            let action = self.seats[index].intent.timerFired(
                journey: self.crowds[population].crowd.journey)
            if self.seats[index].intent.person.presses != presses { self.armDeadline(seat: index) }
            self.follow(action, seat: index, now: now, into: &actions)
        case .deadline:
            guard self.isCurrent(index, timer.detail) else { return }
            self.deadlineReached(seat: index, timer: timer, now: now, into: &actions)
        case .rampDown:
            guard self.isCurrent(index, timer.detail), let client = self.seats[index].client,
                !self.crowds[self.seats[index].population].isWanted(client)
            else { return }
            self.cut(seat: index, now: now, into: &actions)
        case .population:
            self.populationChanged(index, now: now, into: &actions)
        case .client:
            self.clientWaited(index, client: Int(timer.detail), into: &actions, at: timer.at)
        }
    }

    func isCurrent(_ seat: Int, _ generation: UInt32) -> Bool {
        self.seats[seat].isOccupied && self.seats[seat].generation == generation
    }
}

// MARK: - One intent

extension LaneState {
    /// Lets an intent that has arrived begin in a seat.
    mutating func begin(
        seat: Int, population: Int, number: Int, arrival: MonotonicTime,
        into actions: inout [LaneAction]
    ) {
        self.seats[seat].population = population
        self.seats[seat].generation &+= 1
        self.seats[seat].uses += 1
        self.seats[seat].isOccupied = true
        self.seats[seat].arrival = arrival
        self.seats[seat].intent = IntentMachine(intent: number)
        self.crowds[population].inFlight += 1
        actions.append(.arrived(population: population, number: number, at: arrival))
        let action = self.seats[seat].intent.begin(
            arrival: arrival, journey: self.crowds[population].crowd.journey)
        self.armDeadline(seat: seat)
        self.follow(action, seat: seat, now: arrival, into: &actions)
    }

    /// Does what an intent asks for.
    mutating func follow(
        _ action: IntentMachine.Action, seat: Int, now: MonotonicTime,
        into actions: inout [LaneAction]
    ) {
        switch action {
        case .start(let step, let attempt, let intendedStart):
            if attempt == 0 {
                self.noteRequest(step: step, seat: self.root(of: seat), at: intendedStart)
            }
            actions.append(
                .start(seat: seat, step: step, attempt: attempt, intendedStart: intendedStart))
        case .wait(let until):
            self.timers.insert(
                LaneTimer(
                    at: until, kind: .seat, index: Int32(seat),
                    detail: self.seats[seat].generation))
        case .cancel:
            actions.append(.cancel(seat: seat))
        case .decide(let condition):
            actions.append(
                .decide(
                    seat: seat, generation: self.seats[seat].generation, condition: condition))
        case .fork(let fork):
            self.fork(seat: seat, fork: fork, now: now, into: &actions)
        case .conclude(let ending):
            self.conclude(seat: seat, ending: ending, now: now, into: &actions)
        case .end(let ending):
            if self.seats[seat].intent.isBranch {
                self.branchEnded(seat: seat, ending: ending, now: now, into: &actions)
            } else {
                self.end(seat: seat, ending: ending, now: now, into: &actions)
            }
        case .stay: break
        }
    }

    /// A seat for a new client.
    mutating func makeSeat() -> Int {
        if let seat = self.freeSeats.popLast() { return seat }
        self.seats.append(Seat())
        return self.seats.count - 1
    }

    mutating func cut(population: Int, now: MonotonicTime, into actions: inout [LaneAction]) {
        self.crowds[population].isCut = true
        guard self.crowds[population].inFlight > 0 else { return }
        for seat in self.seats.indices
        where self.seats[seat].isOccupied && self.seats[seat].population == population {
            self.cut(seat: seat, now: now, into: &actions)
        }
    }

    mutating func cut(seat: Int, now: MonotonicTime, into actions: inout [LaneAction]) {
        guard !self.seats[seat].intent.isCut else { return }
        let branches = self.forks[seat]?.branches ?? []
        let action = self.seats[seat].intent.stopRequested()
        self.follow(action, seat: seat, now: now, into: &actions)
        for branch in branches where self.forkers[branch] == seat {
            self.cut(seat: branch, now: now, into: &actions)
        }
    }

    private mutating func end(
        seat: Int, ending: IntentEnding, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        let population = self.seats[seat].population
        let retires = self.crowds[population].retires(uses: self.seats[seat].uses)
        self.seats[seat].isOccupied = false
        self.crowds[population].inFlight -= 1
        self.closeBudgets(seat: seat, retires: retires)
        let intent = self.seats[seat].intent
        if intent.ending != nil {
            actions.append(.left(seat: seat, retire: retires))
        } else {
            actions.append(
                .ended(
                    seat: seat, population: population, number: intent.intent,
                    arrival: self.seats[seat].arrival, ending: ending,
                    attempts: Int(intent.attempts), presses: Int(intent.person.presses),
                    retire: retires))
        }
        if let client = self.seats[seat].client {
            self.clientEnded(
                population, client: client, tried: self.seats[seat].intent.hasTried, now: now,
                into: &actions)
        } else if retires {
            self.seats[seat].uses = 0
            self.freeSeats.append(seat)
        } else {
            self.crowds[population].idleSeats.append(seat)
        }
    }
}
