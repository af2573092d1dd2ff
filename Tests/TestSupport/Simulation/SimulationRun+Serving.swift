import Measurements
import Primitives

// MARK: - What the server does with a request

extension SimulationRun {
    mutating func handleServer(_ event: SimulatedEvent) {
        // A process that stands still does what was due when it goes on, as much later.
        if self.now < self.gauges.pausedUntil, event.isOfProcess {
            self.events.add(event, at: self.now + self.gauges.pauseLength)
            return
        }
        switch event {
        case .accepted(let attempt):
            self.accept(attempt)
            self.pumpAcceptor()
        case .secured(let attempt): self.secured(attempt)
        case .served(let attempt, let epoch): self.served(attempt, epoch)
        case .poolFree(let epoch):
            guard epoch == self.gauges.epoch else { return }
            self.gauges.poolBusy -= 1
            self.pumpPool()
        case .poolLate(let attempt, let epoch): self.poolLate(attempt, epoch)
        case .close(let epoch):
            guard epoch == self.gauges.epoch else { return }
            self.gauges.open -= 1
            self.pumpAcceptor()
        case .fault(let index): self.begin(fault: index)
        case .restart(let epoch): self.restart(epoch)
        case .tick(let second): self.tick(second)
        default: break
        }
    }

    /// A whole request at the server's front.
    mutating func admit(_ index: Int) {
        guard !self.attempts[index].isOver else { return }
        // Nobody answers while the process stands still.
        let pause = max(0, self.gauges.pausedUntil - self.now)
        let attempt = self.attempts[index]
        let server = self.plan.server
        let crowd = self.plan.crowds[attempt.population]
        self.gauges.requests += 1
        if let status = self.pageStatus {
            self.answer(index, status, after: pause + self.quick())
        } else if let broken = self.brokenInstance, attempt.instance == 0 {
            if let status = broken { self.answer(index, status, after: pause + 0.002) }
        } else if !crowd.needsWorker {
            self.answer(index, 200, after: pause + 0.001 + self.quick())
        } else if let limiter = server.limiter, !self.takeToken(limiter, attempt) {
            self.gauges.limited += 1
            self.attempts[index].retryAfter = limiter.retryAfter
            self.answer(index, limiter.status, after: pause + self.quick())
        } else if let limit = server.bodyLimit, attempt.size > limit {
            self.answer(index, 413, after: pause + self.quick())
        } else if let quota = server.quota, self.gauges.stored + attempt.size > quota {
            self.answer(index, server.fullStatus, after: pause + 0.003)
        } else if let status = self.contentFault(attempt) {
            self.answer(index, status, after: pause + 0.002)
        } else if let above = server.shedAbove, self.queued > above {
            self.gauges.shed += 1
            self.answer(index, server.busyStatus, after: pause + self.quick())
        } else if self.gauges.busy < self.gauges.workers, pause == 0 {
            self.serve(index)
        } else if let most = server.queue, self.queued >= most {
            self.gauges.shed += 1
            self.answer(index, server.busyStatus, after: pause + self.quick())
        } else {
            self.attempts[index].isQueued = true
            self.waiting.add(index)
            self.queued += 1
        }
    }

    private mutating func answer(_ index: Int, _ status: Int, after delay: Double) {
        self.events.add(.answer(index, status), at: self.now + delay)
    }

    private mutating func takeToken(_ limiter: SimulatedServer.Limiter, _ attempt: SimulatedAttempt)
        -> Bool
    {
        let key = limiter.isPerClient ? attempt.population << 40 | attempt.client : -1
        let bucket = self.buckets[key] ?? (tokens: limiter.burst, at: self.now)
        let tokens = min(limiter.burst, bucket.tokens + limiter.rate * (self.now - bucket.at))
        let isLet = tokens >= 1
        self.buckets[key] = (tokens: isLet ? tokens - 1 : tokens, at: self.now)
        return isLet
    }

    /// Gives a worker to a unit of work.
    private mutating func serve(_ index: Int) {
        self.gauges.busy += 1
        self.attempts[index].isServed = true
        let epoch = self.gauges.epoch
        var span = self.serverDraws.value(self.plan.server.service) * self.slowness
        if let contention = self.plan.server.contention {
            let others = Double(self.gauges.busy - 1)
            span *= 1 + contention.alpha * others + contention.beta * others * (others + 1)
        }
        self.gauges.processor += span * self.plan.server.processorShare
        if let wait = self.downstreamWait() {
            self.attempts[index].status = wait.status
            if wait.holdsWorker {
                self.events.add(.served(index, epoch), at: self.now + wait.deadline)
            } else {
                self.gauges.busy -= 1
                self.attempts[index].isServed = false
                self.answer(index, wait.status, after: wait.deadline + self.quick())
            }
            return
        }
        if self.plan.server.pool != nil {
            self.attempts[index].waitsForPool = true
            self.waitingForPool.add(index)
            self.poolQueued += 1
            if let wait = self.plan.server.pool?.wait {
                self.events.add(.poolLate(index, epoch), at: self.now + wait)
            }
            self.pumpPool()
            return
        }
        var done = self.now + span
        if let disk = self.plan.server.disk {
            let begin = max(self.gauges.diskFree, done)
            self.gauges.ioWait += begin - done
            self.gauges.diskFree =
                begin + disk.write + self.attempts[index].size / disk.bandwidth
            done = self.gauges.diskFree
        }
        self.events.add(.served(index, epoch), at: done)
    }

    private mutating func pumpPool() {
        guard let pool = self.plan.server.pool else { return }
        while self.gauges.poolBusy < pool.size, let index = self.waitingForPool.takeFirst() {
            guard self.attempts[index].waitsForPool else { continue }
            self.attempts[index].waitsForPool = false
            self.poolQueued -= 1
            self.gauges.poolBusy += 1
            let span = self.serverDraws.value(pool.hold) * self.slowness
            let epoch = self.gauges.epoch
            self.events.add(.poolFree(epoch), at: self.now + span)
            self.events.add(.served(index, epoch), at: self.now + span)
            self.gauges.poolServed += 1
        }
    }

    private mutating func poolLate(_ index: Int, _ epoch: Int) {
        guard epoch == self.gauges.epoch, self.attempts[index].waitsForPool,
            let pool = self.plan.server.pool
        else { return }
        self.attempts[index].waitsForPool = false
        self.poolQueued -= 1
        self.gauges.poolWait += pool.wait
        self.attempts[index].status = pool.status
        self.served(index, epoch)
    }

    /// A unit of work is done, whether anybody still waits for it or not.
    private mutating func served(_ index: Int, _ epoch: Int) {
        guard epoch == self.gauges.epoch else { return }
        self.gauges.busy -= 1
        self.attempts[index].isServed = false
        let attempt = self.attempts[index]
        if attempt.status < 300 {
            self.gauges.done += 1
            self.gauges.stored += attempt.size
            self.gauges.storedItems += 1
            self.grow()
            self.countFaults()
        }
        if !attempt.isOver, self.gauges.epoch == epoch {
            self.answer(index, attempt.status, after: self.quick())
        }
        self.pumpWorkers()
    }

    mutating func pumpWorkers() {
        while self.gauges.busy < self.gauges.workers, !self.waiting.isEmpty {
            let next: Int? =
                self.plan.server.order == .fifo
                ? self.waiting.takeFirst() : self.waiting.takeLast()
            guard let next else { return }
            // Given up where it stood.
            guard self.attempts[next].isQueued else { continue }
            self.attempts[next].isQueued = false
            self.queued -= 1
            self.serve(next)
        }
    }
}

extension SimulatedEvent {
    /// True for what the server's process itself does.
    fileprivate var isOfProcess: Bool {
        switch self {
        case .accepted, .secured, .served, .poolFree, .poolLate: true
        default: false
        }
    }
}
