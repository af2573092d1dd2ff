import Measurements
import Primitives

// MARK: - What is wrong with the server at the moment

extension SimulationRun {
    /// The faults that are active now.
    private var active: [SimulatedFault] {
        var found: [SimulatedFault] = []
        for (index, fault) in self.plan.server.faults.enumerated()
        where self.isActive[index] && self.now < fault.end ?? .infinity {
            found.append(fault)
        }
        return found
    }

    /// Whether a fault of exactly that kind is active.
    func has(_ kind: SimulatedFault.Kind) -> Bool {
        guard !self.plan.server.faults.isEmpty else { return false }
        return self.active.contains { $0.kind == kind }
    }

    private func first<Value>(_ value: (SimulatedFault.Kind) -> Value?) -> Value? {
        guard !self.plan.server.faults.isEmpty else { return nil }
        for fault in self.active { if let found = value(fault.kind) { return found } }
        return nil
    }

    var nameFault: (share: Double, timesOut: Bool)? {
        self.first { kind -> (share: Double, timesOut: Bool)? in
            switch kind {
            case .names(let share, let timesOut): (share, timesOut)
            case .off(.name): (1, false)
            default: nil
            }
        }
    }

    var isUnreachable: Bool { self.has(.unreachable) }

    /// Whether a client's packets are lost on the way.
    func isLost(_ client: Int) -> Bool {
        let share = self.first { kind -> Double? in
            if case .path(let share) = kind { share } else { nil }
        }
        guard let share else { return false }
        return Double(CounterRandom.mix(UInt64(client)) >> 11) * 0x1p-53 < share
    }

    var pageStatus: Int? {
        self.first { kind -> Int? in
            if case .off(.page(let status)) = kind { status } else { nil }
        }
    }

    var isSwitchedOff: Bool {
        self.first { kind -> Bool? in
            if case .off = kind { true } else { nil }
        } ?? false
    }

    /// The status with which the broken instance answers; an inner nil for none at all.
    var brokenInstance: Int?? {
        self.first { kind -> Int?? in
            if case .instance(let status) = kind { .some(status) } else { nil }
        }
    }

    /// How many times as much a unit costs.
    var slowness: Double {
        var factor = 1.0
        guard !self.plan.server.faults.isEmpty else { return factor }
        for (index, fault) in self.plan.server.faults.enumerated() where self.isActive[index] {
            switch fault.kind {
            case .slower(let times) where self.now < fault.end ?? .infinity: factor *= times
            case .cold(let times, let seconds):
                guard case .time(let from) = fault.trigger else { continue }
                let left = 1 - (self.now - from) / seconds
                if left > 0 { factor *= 1 + (times - 1) * left }
            case .leak(_, let limit, _): factor *= 1 + 0.5 * self.gauges.memory / limit
            default: break
            }
        }
        return factor
    }

    /// The status for contents that the server cannot stand.
    func contentFault(_ attempt: SimulatedAttempt) -> Int? {
        let draw =
            Double(CounterRandom.mix(UInt64(attempt.intent) &+ 0x51_7C) >> 11) * 0x1p-53
        return self.first { kind -> Int? in
            switch kind {
            case .poison(let share, let status): draw < share ? status : nil
            case .oddity(.lostSessions): attempt.client % 2 == 0 ? 401 : nil
            case .oddity(.misdirected): attempt.intent % 3 == 0 ? 421 : nil
            default: nil
            }
        }
    }

    mutating func downstreamWait() -> (deadline: Double, status: Int, holdsWorker: Bool)? {
        guard !self.plan.server.faults.isEmpty else { return nil }
        for fault in self.active {
            if case .downstream(let deadline, let share, let status, let holds) = fault.kind,
                self.serverDraws.uniform() < share
            {
                return (deadline, status, holds)
            }
        }
        return nil
    }

    /// What comes instead of a good answer, by something that is in no catalogue.
    mutating func oddAnswer() -> Outcome? {
        guard !self.plan.server.faults.isEmpty else { return nil }
        if self.has(.oddity(.truncatedAnswers)), self.serverDraws.uniform() < 1.0 / 3 {
            return .failure(.truncated)
        }
        if self.has(.oddity(.wrongAnswers)), self.serverDraws.uniform() < 1.0 / 3 {
            return .status(200)
        }
        return nil
    }
}

// MARK: - Faults that do something when they begin

extension SimulationRun {
    mutating func begin(fault index: Int) {
        let fault = self.plan.server.faults[index]
        self.isActive[index] = true
        switch fault.kind {
        case .crash: self.crash()
        case .workers(let count):
            self.gauges.workers = count
            self.pumpWorkers()
        case .off(.listener): self.gauges.isListening = false
        default: break
        }
    }

    /// Starts what waits for a number of units.
    mutating func countFaults() {
        for (index, fault) in self.plan.server.faults.enumerated() where !self.isActive[index] {
            if case .count(let count) = fault.trigger, self.gauges.done >= count {
                self.begin(fault: index)
            }
        }
    }

    /// The process ends: everybody whom it holds sees an empty reply or a reset.
    mutating func crash(after down: Double? = nil) {
        var wait = down
        for (index, fault) in self.plan.server.faults.enumerated() where self.isActive[index] {
            if case .crash(let seconds, let up) = fault.kind {
                wait = wait ?? seconds
                if let up, self.now + seconds + up < fault.end ?? .infinity {
                    self.events.add(.fault(index), at: self.now + seconds + up)
                }
            }
        }
        self.gauges.epoch += 1
        let epoch = self.gauges.epoch
        self.gauges.isListening = false
        self.gauges.busy = 0
        self.gauges.open = 0
        self.gauges.poolBusy = 0
        self.gauges.isAccepting = false
        self.gauges.diskFree = self.now
        self.gauges.handshakeFree = self.now
        self.gauges.memory = 100e6
        self.gauges.pausedUntil = self.now
        self.queued = 0
        self.poolQueued = 0
        self.waiting.removeAll()
        self.waitingForPool.removeAll()
        self.backlog.removeAll()
        for index in self.firstOpen..<self.attempts.count where !self.attempts[index].isOver {
            let phase = self.attempts[index].phase
            self.attempts[index].isQueued = false
            self.attempts[index].waitsForPool = false
            let isThere = self.attempts[index].connection >= 0
            guard phase != .waiting, phase != .connecting || isThere else { continue }
            // Its own connection ends with the process, whatever the client does afterwards.
            self.attempts[index].isAccepted = false
            self.finish(
                index, .failure(phase == .sending ? .sendReset : .emptyReply))
        }
        self.events.add(.restart(epoch), at: self.now + (wait ?? 2))
    }

    mutating func restart(_ epoch: Int) {
        guard epoch == self.gauges.epoch else { return }
        self.gauges.isListening = !self.has(.off(.listener))
        self.gauges.startedAt = self.now
        self.gauges.restarts += 1
    }

    /// Memory grows with each unit; at its limit the kernel kills the process.
    mutating func grow() {
        guard !self.plan.server.faults.isEmpty else { return }
        for (index, fault) in self.plan.server.faults.enumerated() where self.isActive[index] {
            guard case .leak(let perUnit, let limit, _) = fault.kind else { continue }
            self.gauges.memory += perUnit
            if self.gauges.memory >= limit {
                self.gauges.kills += 1
                self.crash(after: 3)
            }
        }
    }

    /// The second is over: flushes, collections of garbage, closings of faults, samples.
    mutating func tick(_ second: Int) {
        for (index, fault) in self.plan.server.faults.enumerated() where self.isActive[index] {
            if case .leak(_, let limit, let pause) = fault.kind, (second + 1) % 5 == 0,
                self.gauges.memory > 0.6 * limit
            {
                let share = self.gauges.memory / limit
                self.gauges.pauseLength = pause * share * share
                self.gauges.pausedUntil = self.now + self.gauges.pauseLength
                self.gauges.pauses += self.gauges.pauseLength
            }
            if let end = fault.end, self.now >= end {
                self.isActive[index] = false
                if fault.kind == .off(.listener) { self.gauges.isListening = true }
            }
        }
        if let disk = self.plan.server.disk, let every = disk.flushEvery {
            let turn = Int(every.rounded())
            if turn > 0, (second + 1) % turn == 0 {
                self.gauges.diskFree = max(self.gauges.diskFree, self.now) + disk.flush
            }
        }
        let used = self.gauges.processor - self.gauges.processorBefore
        self.gauges.processorBefore = self.gauges.processor
        // Somebody waits for most of a second in which the processors were all in use.
        if used >= 0.9 * self.plan.server.cores, self.queued > 0 {
            self.gauges.processorStall += 0.7e6
        }
        if self.gauges.diskFree > self.now + 0.05 { self.gauges.diskStall += 0.6e6 }
        self.recorder.tick(
            second, self.sample, generatorBehind: max(0, self.generatorFree - self.now))
    }
}
