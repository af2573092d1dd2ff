import Measurements
import Planning
import Primitives

/// When intents begin.
extension LaneState {
    /// Sets the timers of a population's planned changes.
    mutating func planPopulation(_ index: Int) {
        let crowd = self.crowds[index]
        var changes = [crowd.end, crowd.deadline]
        switch crowd.crowd.attendance {
        case .open, .pooled: break
        case .curve(let curve): changes += curve.changes.map { self.origin + $0.at }
        case .iterations: changes.append(self.origin + crowd.crowd.start)
        }
        for at in changes { self.setPopulationTimer(index, at: at) }
    }

    /// Releases a population's next arrival; it is due.
    mutating func release(_ index: Int, into actions: inout [LaneAction]) {
        guard let arrival = self.crowds[index].next, let at = self.crowds[index].nextAt else {
            return
        }
        self.crowds[index].advance(origin: self.origin)
        if self.crowds[index].next == nil, at >= self.crowds[index].end {
            self.crowds[index].isClosed = true
        }
        // A pool is a limit by itself, and its drops have a reason of their own.
        if self.crowds[index].poolLeft == nil,
            self.crowds[index].inFlight >= self.crowds[index].limit
        {
            self.drop(index, arrival.number, at, .inFlightLimit, into: &actions)
            return
        }
        guard let seat = self.crowds[index].idleSeats.popLast() ?? self.admit(index) else {
            self.drop(index, arrival.number, at, .noIdleClient, into: &actions)
            return
        }
        self.begin(
            seat: seat, population: index, number: arrival.number, arrival: at, into: &actions)
    }

    /// The clock has reached one of a population's planned changes, or its end.
    mutating func populationChanged(
        _ index: Int, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        // Arrivals at the very end are released before it: they are older.
        if now >= self.crowds[index].end, self.crowds[index].next == nil {
            self.crowds[index].isClosed = true
        }
        if now >= self.crowds[index].deadline {
            self.close(index, now: now)
            self.cut(population: index, now: now, into: &actions)
        }
        guard !self.crowds[index].isClosed else { return }
        switch self.crowds[index].crowd.attendance {
        case .open, .pooled: return
        case .curve(let curve): self.follow(curve, of: index, now: now, into: &actions)
        case .iterations(let vus, _, _):
            guard let at = self.time(self.crowds[index].crowd.start, of: index), at <= now else {
                return
            }
            self.crowds[index].wanted = vus
            self.crowds[index].change = 1
            for client in self.crowds[index].clients.indices {
                self.beginClient(index, client: client, at: at, into: &actions)
            }
        }
    }

    /// Ends a population's arrivals; its intents in flight get its grace from now on.
    mutating func close(_ index: Int, now: MonotonicTime) {
        self.crowds[index].source = nil
        self.crowds[index].next = nil
        self.crowds[index].nextAt = nil
        guard !self.crowds[index].isClosed else { return }
        self.crowds[index].isClosed = true
        let deadline = now + self.crowds[index].crowd.gracefulStop
        if deadline < self.crowds[index].deadline {
            self.crowds[index].deadline = deadline
            self.setPopulationTimer(index, at: deadline)
        }
    }

    /// A closed executor's client has ended an intent: the next begins, or the client rests.
    mutating func clientEnded(
        _ index: Int, client: Int, tried: Bool, now: MonotonicTime,
        into actions: inout [LaneAction]
    ) {
        guard tried else {
            // An intent that sent nothing ends at once: without a pause its client would never
            // let go of the lane.
            self.timers.insert(
                LaneTimer(
                    at: now + .milliseconds(100), kind: .client, index: Int32(index),
                    detail: UInt32(client)))
            return
        }
        self.crowds[index].clients[client].isBusy = false
        self.beginClient(index, client: client, at: now, into: &actions)
    }

    /// A client's pause between two intents is over.
    mutating func clientWaited(
        _ index: Int, client: Int, into actions: inout [LaneAction], at now: MonotonicTime
    ) {
        self.crowds[index].clients[client].isBusy = false
        self.beginClient(index, client: client, at: now, into: &actions)
    }

    private mutating func admit(_ index: Int) -> Int? {
        if let left = self.crowds[index].poolLeft {
            guard left > 0 else { return nil }
            self.crowds[index].poolLeft = left - 1
            let seat = self.makeSeat()
            self.seats[seat].owner = self.crowds[index].owner(ofPlace: self.crowds[index].admitted)
            self.crowds[index].admitted += 1
            return seat
        }
        return self.makeSeat()
    }

    private mutating func drop(
        _ index: Int, _ number: Int, _ at: MonotonicTime, _ reason: DropReason,
        into actions: inout [LaneAction]
    ) {
        actions.append(.arrived(population: index, number: number, at: at))
        actions.append(.dropped(population: index, number: number, arrival: at, reason: reason))
    }

    private mutating func follow(
        _ curve: ClientCurve, of index: Int, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        while self.crowds[index].change < curve.changes.count {
            let change = curve.changes[self.crowds[index].change]
            guard let at = self.time(change.at, of: index), at <= now else { return }
            self.crowds[index].change += 1
            self.crowds[index].wanted = change.clients
            for client in self.crowds[index].clients.indices {
                if self.crowds[index].isWanted(client) {
                    self.beginClient(index, client: client, at: at, into: &actions)
                } else {
                    self.rampDown(index, client: client, at: at + curve.gracefulRampDown)
                }
            }
        }
    }

    private mutating func rampDown(_ index: Int, client: Int, at: MonotonicTime) {
        guard let seat = self.crowds[index].clients[client].seat, self.seats[seat].isOccupied
        else { return }
        self.timers.insert(
            LaneTimer(
                at: at, kind: .rampDown, index: Int32(seat), detail: self.seats[seat].generation))
    }

    /// Lets a closed executor's client begin its next intent, if it may.
    mutating func beginClient(
        _ index: Int, client: Int, at: MonotonicTime, into actions: inout [LaneAction]
    ) {
        guard self.crowds[index].pace.speed > 0, self.crowds[index].isWanted(client),
            !self.crowds[index].clients[client].isBusy,
            let number = self.crowds[index].takeNumber(client: client)
        else { return }
        let seat = self.crowds[index].clients[client].seat ?? self.makeSeat()
        if self.crowds[index].clients[client].seat == nil {
            self.seats[seat].owner = self.crowds[index].owner(ofPlace: client)
        }
        self.crowds[index].clients[client].seat = seat
        self.crowds[index].clients[client].isBusy = true
        self.seats[seat].client = client
        self.begin(seat: seat, population: index, number: number, arrival: at, into: &actions)
    }

    mutating func setPopulationTimer(_ index: Int, at: MonotonicTime) {
        self.timers.insert(LaneTimer(at: at, kind: .population, index: Int32(index), detail: 0))
    }
}

extension CrowdState {
    /// The number of a client's next intent; nil when it has none left.
    ///
    /// Client v's k-th intent is number k x clients + v; from a common pot, lane i's k-th is
    /// k x lanes + i. Either way no number occurs twice.
    mutating func takeNumber(client: Int) -> Int? {
        if let pot {
            guard pot > 0 else { return nil }
            self.pot = pot - 1
            self.taken += 1
            return (self.taken - 1) * self.lanes + self.lane
        }
        let begun = self.clients[client].begun
        if case .iterations(_, let each?, _) = self.crowd.attendance, begun >= each { return nil }
        self.clients[client].begun += 1
        return begun * self.stride + self.clients[client].number
    }
}
