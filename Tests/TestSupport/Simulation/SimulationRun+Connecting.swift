import Measurements
import Primitives

// MARK: - A connection, its handshake, and the way of the request to the server

extension SimulationRun {
    /// Starts an attempt: on a kept connection, or on one of its own.
    mutating func begin(_ index: Int) {
        guard !self.attempts[index].isOver else { return }
        let attempt = self.attempts[index]
        let crowd = self.plan.crowds[attempt.population]
        self.recorder.start(attempt, at: self.now)
        self.events.add(.deadline(index), at: self.now + crowd.timeout)
        if crowd.reuses, let clients = crowd.clients {
            let slot = attempt.client % clients
            let kept = self.idle[attempt.population][slot]
            if kept >= 0, self.connectionOwner[kept] == self.gauges.epoch {
                self.idle[attempt.population][slot] = -1
                self.attempts[index].connection = kept
                self.attempts[index].isReused = true
                self.attempts[index].isAccepted = true
                self.send(index)
                return
            }
        }
        self.recorder.connect(attempt.population, at: self.now)
        self.attempts[index].phase = .connecting
        let lookup = 0.0002 + 0.0001 * self.clientDraws.uniform()
        self.attempts[index].connectFrom = self.now + lookup
        if let (share, timesOut) = self.nameFault, self.clientDraws.uniform() < share {
            self.attempts[index].connectFrom = -1
            if timesOut {
                self.events.add(.failure(index, .dnsTimeout), at: self.now + crowd.connectTimeout)
            } else {
                self.events.add(.failure(index, .dns), at: self.now + 0.002)
            }
            return
        }
        self.events.add(.knock(index), at: self.now + lookup)
        self.events.add(.connectDeadline(index), at: self.now + lookup + crowd.connectTimeout)
    }

    /// A SYN arrives, or does not; dropped ones are sent again as the client's kernel does.
    mutating func knock(_ index: Int) {
        guard !self.attempts[index].isOver else { return }
        let attempt = self.attempts[index]
        let crowd = self.plan.crowds[attempt.population]
        if self.isUnreachable {
            self.events.add(
                .failure(index, .unreachable),
                at: self.now + 3.06 * (1 + 0.01 * self.clientDraws.uniform()))
            return
        }
        if self.isLost(attempt.client) {
            self.knockAgain(index)
        } else if !self.gauges.isListening {
            self.events.add(.failure(index, .refused), at: self.now + crowd.roundTrip)
        } else if self.backlog.count > self.plan.server.backlog {
            self.gauges.overflows += 1
            self.knockAgain(index)
        } else {
            self.connections += 1
            self.connectionOwner.append(self.gauges.epoch)
            self.attempts[index].connection = self.connections - 1
            self.events.add(.connected(index), at: self.now + crowd.roundTrip)
        }
    }

    private mutating func knockAgain(_ index: Int) {
        let attempt = self.attempts[index]
        guard attempt.knocks < self.plan.knocks.count else { return }
        self.attempts[index].knocks += 1
        // The kernel's timers are exact to some milliseconds.
        let delay = self.plan.knocks[attempt.knocks] + 0.008 * self.clientDraws.uniform()
        self.events.add(.knock(index), at: attempt.connectFrom + delay)
    }

    mutating func connected(_ index: Int) {
        guard !self.attempts[index].isOver else { return }
        self.attempts[index].connectedAt = self.now
        self.lineUp(index, tries: 0)
        if self.plan.server.handshake != nil {
            self.attempts[index].phase = .securing
            if self.attempts[index].isAccepted { self.secure(index) }
        } else {
            self.send(index)
        }
    }

    /// A connection joins the kernel's queue when the handshake's last packet finds room; else the
    /// client believes in a connection that the server does not have, and its data will tell.
    private mutating func lineUp(_ index: Int, tries: Int) {
        if self.backlog.count <= self.plan.server.backlog {
            self.backlog.add(index)
            self.pumpAcceptor()
        } else if tries < Simulation.insistence.count {
            self.gauges.overflows += 1
            let attempt = self.attempts[index]
            let delay = Simulation.insistence[tries] + 0.004 * self.clientDraws.uniform()
            self.events.add(.insist(index, tries + 1), at: attempt.connectedAt + delay)
        }
    }

    mutating func insist(_ index: Int, _ tries: Int) {
        guard !self.attempts[index].isOver, self.gauges.isListening else { return }
        self.lineUp(index, tries: tries)
    }

    /// Takes connections out of the kernel's queue as long as there are descriptors.
    mutating func pumpAcceptor() {
        while !self.gauges.isAccepting, self.gauges.isListening,
            self.plan.server.descriptors.map({ self.gauges.open < $0 }) ?? true,
            let index = self.backlog.takeFirst()
        {
            if self.plan.server.acceptCost > 0 {
                self.gauges.isAccepting = true
                self.events.add(.accepted(index), at: self.now + self.plan.server.acceptCost)
            } else {
                self.accept(index)
            }
        }
    }

    /// The process has a connection; one whose client has left is closed at once.
    mutating func accept(_ index: Int) {
        self.gauges.isAccepting = false
        self.gauges.accepted += 1
        guard !self.attempts[index].isOver else { return }
        self.gauges.open += 1
        self.attempts[index].isAccepted = true
        switch self.attempts[index].phase {
        case .securing: self.secure(index)
        case .awaiting: self.admit(index)
        default: break
        }
    }

    private mutating func secure(_ index: Int) {
        let cost = self.plan.server.handshake ?? 0
        self.gauges.handshakeFree = max(self.gauges.handshakeFree, self.now) + cost
        self.gauges.processor += cost
        self.events.add(.secured(index), at: self.gauges.handshakeFree)
    }

    mutating func secured(_ index: Int) {
        guard !self.attempts[index].isOver else { return }
        self.attempts[index].securedAt = self.now
        if self.has(.oddity(.expiredCertificate)) {
            self.finish(index, .failure(.tlsExpired))
        } else {
            self.send(index)
        }
    }

    private mutating func send(_ index: Int) {
        let attempt = self.attempts[index]
        let crowd = self.plan.crowds[attempt.population]
        self.attempts[index].phase = .sending
        self.attempts[index].sendFrom = self.now
        let server = self.plan.server
        if let limit = server.bodyLimit, attempt.size > limit, server.refusesBodiesEarly,
            !self.isSwitchedOff
        {
            self.events.add(
                .answer(index, 413), at: self.now + crowd.roundTrip + self.quick())
            return
        }
        var end = self.now + 0.000_05 + attempt.size / 2e9
        if let rate = crowd.uploadRate { end = max(end, self.now + attempt.size / rate) }
        if let link = server.link {
            self.gauges.linkFree = max(self.gauges.linkFree, self.now) + attempt.size / link
            end = max(end, self.gauges.linkFree)
        }
        self.events.add(.sent(index), at: end)
    }

    mutating func sent(_ index: Int) {
        guard !self.attempts[index].isOver else { return }
        self.attempts[index].sentAt = self.now
        self.attempts[index].phase = .awaiting
        // What is sent into a broken path is never answered.
        guard !self.isLost(self.attempts[index].client), !self.isUnreachable else { return }
        self.gauges.received += self.attempts[index].size
        if self.attempts[index].isAccepted { self.admit(index) }
    }

    /// How long an answer takes that costs no work.
    mutating func quick() -> Double { 0.000_25 + 0.000_1 * self.serverDraws.uniform() }

    /// The client's side of an attempt's end: its connection is kept, held or closed.
    mutating func leave(_ index: Int, _ outcome: Outcome) {
        let attempt = self.attempts[index]
        if attempt.isQueued, self.plan.server.dropsAbandoned {
            self.attempts[index].isQueued = false
            self.queued -= 1
        }
        guard attempt.isAccepted, attempt.connection >= 0 else { return }
        let isAlive = self.connectionOwner[attempt.connection] == self.gauges.epoch
        guard isAlive else { return }
        let crowd = self.plan.crowds[attempt.population]
        if case .status = outcome {
            if crowd.reuses, let clients = crowd.clients {
                let slot = attempt.client % clients
                if self.idle[attempt.population][slot] < 0 {
                    self.idle[attempt.population][slot] = attempt.connection
                    return
                }
            } else if crowd.holds > 0 {
                self.events.add(.close(self.gauges.epoch), at: self.now + crowd.holds)
                return
            }
        }
        self.gauges.open -= 1
        self.pumpAcceptor()
    }
}
