import NIOCore
import Primitives

/// A request that is not answered: its connection is closed.
struct Unanswered: Error {}

/// What the faults that are on do to a request, at the places where it comes by.
extension Services {
    /// A request came; decides for it and those after it.
    func requestCame() {
        self.moveFaults { schedule, now in schedule.requestCame(at: now) }
    }

    /// Time passed.
    func timePassed() {
        self.moveFaults { schedule, now in schedule.timePassed(to: now) }
    }

    /// A fault cannot go on.
    func faultIsOver(_ index: Int) {
        self.moveFaults { schedule, _ in schedule.finish(index) }
    }

    /// Bytes of a body came; waits where they come too fast.
    func bodyCame(_ count: Int) async throws {
        guard !self.faults.isEmpty else { return }
        self.moveFaults { schedule, now in schedule.bytesCame(count, at: now) }
        for fault in self.faults.active where fault.spec.id == .bandwidth {
            let wait = self.faultTools.wait(fault, for: count, at: self.clock.now())
            try await Task.sleep(for: .nanoseconds(wait.count), tolerance: .zero)
        }
    }

    /// A request is about to be handled.
    ///
    /// - Throws: `Refusal` or `Unanswered` where a fault decides so.
    func beforeHandling(_ exchange: Exchange) async throws {
        for fault in self.faults.active {
            let spec = fault.spec
            switch spec.id {
            case .release: try await self.work.burnt(spec.duration("cost") ?? .zero)
            case .leak: self.leak(fault)
            case .instance:
                guard let instances = spec.count("instances") else { continue }
                if self.instance(of: exchange, spec.word("by")) % instances == 0 {
                    try await self.suffer(fault)
                }
            case .crash:
                guard let requests = spec.count("requests") else { continue }
                if self.faultTools.counters[fault.index].take() == requests {
                    self.die(of: fault.index, down: spec.duration("down") ?? .zero)
                }
            default: break
            }
        }
    }

    /// A unit of work is about to be done; its worker is held.
    ///
    /// - Returns: the settings for it, and whether its result is to be forgotten.
    /// - Throws: `Refusal` or `Unanswered` where a fault decides so.
    func beforeWork(
        _ exchange: Exchange
    ) async throws -> (settings: IntakeSettings, isForgotten: Bool) {
        var (settings, isForgotten) = (exchange.settings, false)
        for fault in self.faults.active {
            let spec = fault.spec
            switch spec.id {
            case .cold:
                let factor = spec.slowness(after: self.clock.now() - fault.since)
                settings.serviceTime = settings.serviceTime * factor
                settings.cpuCost = settings.cpuCost * factor
            case .lock:
                if case .lock(let lock)? = self.faultTools[fault.index] { try await lock.pass() }
            case .fsync:
                guard case .disk(let disk)? = self.faultTools[fault.index] else { continue }
                let took = try await disk.commit()
                self.counters.count { $0.syncing += took }
            case .downstream:
                if self.faultTools.hits(fault) { try await self.waitDownstream(spec) }
            case .poison:
                if FaultShare.place(of: exchange.identity) < (spec.number("share") ?? 0) {
                    try await self.suffer(fault)
                }
            case .odd where spec.word("kind") == "forgets":
                isForgotten = isForgotten || self.faultTools.hits(fault)
            default: break
            }
        }
        return (settings, isForgotten)
    }

    /// A submission was answered; what the client gets instead, nil for nothing at all.
    func afterHandling(_ answer: Answer, _ exchange: Exchange) -> Answer? {
        guard exchange.route.needsWorker, answer.status < 300 else { return answer }
        for fault in self.faults.active where fault.spec.id == .odd {
            switch fault.spec.word("kind") {
            case "garbled" where self.faultTools.hits(fault):
                return Answer(answer.status, text: "\u{1}\u{2}~~ }{ no such encoding ~~\n")
            case "cut" where self.faultTools.hits(fault):
                return nil
            default: break
            }
        }
        return answer
    }

    /// The answer to a submission for which there is no room on the disk.
    var noRoom: Refusal {
        var refusal = Refusal.spoolFull
        for fault in self.faults.active where fault.spec.id == .diskFull {
            refusal.status = fault.spec.count("status") ?? refusal.status
        }
        return refusal
    }

    /// Kills this process, to be started again so long afterwards.
    func die(of index: Int, down: Nanoseconds) {
        guard let crash = self.crash else {
            self.faults.failed(index, "nobody would start this process again")
            return
        }
        let now = self.clock.now()
        self.faults.began(index, at: now)
        self.faults.occurred(index, at: now)
        self.writeTruth()
        crash(down)
    }

    /// Goes on where the process before this one was killed.
    func takeOver() {
        guard let saved = self.truth.saved(), self.faults.restore(saved) else {
            self.log.line("faults: what the process before knew cannot be read")
            return
        }
        let now = self.clock.now()
        for index in self.faults.faults.indices { self.faults.occurrenceEnded(index, at: now) }
        self.settingsMoved(restartsMeter: true)
    }

    // MARK: - One at a time

    /// A number that is the same for all that comes to the same instance.
    private func instance(of exchange: Exchange, _ by: String?) -> Int {
        switch by {
        case "key": Int(FaultShare.place(of: exchange.identity) * 1_000_000)
        case "address":
            // The last number of the address that the client connected to.
            exchange.channel.localAddress?.ipAddress?.split(separator: ".").last
                .flatMap { Int($0) } ?? 0
        default: self.presence.number(exchange.channel)
        }
    }

    private func leak(_ fault: ActiveFault) {
        guard case .leak(let leak)? = self.faultTools[fault.index],
            !leak.take(fault.spec.count("bytes") ?? 0), fault.spec.word("then") == "crash"
        else { return }
        self.die(of: fault.index, down: fault.spec.duration("down") ?? .zero)
    }

    private func waitDownstream(_ spec: FaultSpec) async throws {
        let (delay, deadline) = (
            spec.duration("delay") ?? .zero, spec.duration("deadline") ?? .max
        )
        try await Task.sleep(
            for: .nanoseconds(min(delay, deadline).count), tolerance: .zero)
        guard delay >= deadline else { return }
        throw Refusal(
            status: spec.count("status") ?? 504, error: "gateway timeout",
            message: "the upstream did not answer in time", isTemporary: true)
    }

    private func suffer(_ fault: ActiveFault) async throws {
        let spec = fault.spec
        switch spec.word("effect") ?? spec.word("symptom") {
        case "slow":
            try await Task.sleep(
                for: .nanoseconds((spec.duration("delay") ?? .zero).count), tolerance: .zero)
        case "hang":
            let end = self.clock.now() + (spec.duration("delay") ?? .zero)
            // In slices, so that what hangs does not outlive the fault.
            while self.clock.now() < end, self.faults.isOn(fault.index) {
                try await Task.sleep(for: .milliseconds(50))
            }
            throw Unanswered()
        case "reset": throw Unanswered()
        case "burn": try await self.work.burnt(spec.duration("cost") ?? .zero)
        case "crash": self.die(of: fault.index, down: spec.duration("down") ?? .zero)
        default:
            throw Refusal(
                status: spec.count("status") ?? 500, error: "internal error",
                message: "something went wrong")
        }
    }

    private func moveFaults(
        _ change: (inout FaultSchedule, MonotonicTime) -> [FaultSchedule.Action]
    ) {
        guard !self.faults.isEmpty else { return }
        let now = self.clock.now()
        let isOther = self.faults.change(
            at: now,
            around: { (self.spool.usedBytes, self.workers.capacityMeasured) },
            { change(&$0, now) })
        if isOther { self.settingsMoved(restartsMeter: true) }
    }
}
