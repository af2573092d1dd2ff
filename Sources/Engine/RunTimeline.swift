import Dispatch
import Measurements
import Planning
import Primitives
import Scenarios
import Transport

/// Tells the planned events on time and sends their requests, on a lane of its own.
///
/// Never on a lane of the load: an operator's call must not queue behind a flood.
/// Unchecked Sendable: everything is confined to the transfers' queue.
final class RunTimeline: @unchecked Sendable {
    private let events: [PlannedEvent]
    private let transfers: TransferLane
    private let materials: RequestMaterials
    private let origin: MonotonicTime
    private let happened: @Sendable (RunEvent) -> Void
    private let ended: @Sendable () -> Void
    private var steps: [Int: StepExecution] = [:]
    private var client: ClientHandle?
    private var next = 0
    private var pace = PlanPace.planned
    private var inProgress: Set<Int> = []
    private var isEnded = false

    /// A timeline at rest.
    ///
    /// - Throws: `.resource` when the transport cannot be made.
    init(
        events: [PlannedEvent], options: LaneOptions, materials: RequestMaterials,
        origin: MonotonicTime, happened: @escaping @Sendable (RunEvent) -> Void,
        ended: @escaping @Sendable () -> Void
    ) throws(EngineError) {
        self.events = events
        self.materials = materials
        self.origin = origin
        self.happened = happened
        self.ended = ended
        for (index, event) in events.enumerated() {
            guard let request = event.request else { continue }
            self.steps[index] = try StepExecution(request, population: -1, materials: materials)
        }
        do {
            self.transfers = try TransferLane(label: "spate.timeline", options: options)
        } catch {
            throw EngineError(.resource, error.message)
        }
    }

    /// Begins to wait for the first event.
    func begin() {
        self.transfers.async {
            self.transfers.delegate = self
            self.transfers.activate()
            self.client = self.transfers.makeClient()
            self.settle()
        }
    }

    /// Sends nothing more and does not wait for answers.
    func stop() {
        self.transfers.async {
            self.next = self.events.count
            for index in self.inProgress { self.transfers.cancel(token: UInt64(index)) }
            self.settle()
        }
    }

    /// Tells the events that are left when their moment of the plan comes at another pace.
    func play(at pace: PlanPace) {
        self.transfers.async {
            self.pace = pace
            self.settle()
        }
    }

    /// When the next event comes; nil while the plan is held, and after the last.
    private var nextAt: MonotonicTime? {
        guard self.next < self.events.count else { return nil }
        return self.pace.time(of: self.events[self.next].at).map { self.origin + $0 }
    }

    private func settle() {
        guard !self.isEnded else { return }
        if self.next < self.events.count {
            self.transfers.setAlarm(self.nextAt)
        } else if self.inProgress.isEmpty {
            self.isEnded = true
            self.transfers.setAlarm(nil)
            self.transfers.async { self.transfers.shutdown() }
            self.ended()
        }
    }

    private func send(_ index: Int, _ step: StepExecution, now: MonotonicTime) {
        guard let client = self.client else { return }
        do {
            let request = try step.request(
                intent: index, instruction: 0, captures: [:], materials: self.materials)
            self.inProgress.insert(index)
            self.transfers.start(request, client: client, token: UInt64(index))
        } catch {
            self.tell(now, "problem", "\(self.events[index].label): \(error.message)")
        }
    }

    private func tell(_ at: MonotonicTime, _ kind: String, _ label: String) {
        self.happened(RunEvent(t: (at - self.origin).seconds, kind: kind, label: label))
    }
}

extension RunTimeline: TransferLaneDelegate {
    func alarmFired(now: MonotonicTime) {
        while let at = self.nextAt, at <= now {
            let event = self.events[self.next]
            self.tell(now, event.kind.rawValue, event.label)
            if let step = self.steps[self.next] { self.send(self.next, step, now: now) }
            self.next += 1
        }
    }

    func transferEnded(token: UInt64, result: TransferResult) {
        let index = Int(token)
        self.inProgress.remove(index)
        guard let step = self.steps[index] else { return }
        let sample = AttemptSample(
            result, population: 0, intent: index, step: 0, attempt: 0,
            intendedStart: result.started, good: step.isGood(result, intendedStart: result.started))
        let took = UnitText.format(result.ended - result.started)
        let label = "\(self.events[index].label): \(sample.outcome.name) after \(took)"
        self.tell(result.ended, sample.good ? "operator" : "problem", label)
    }

    func batchEnded(now: MonotonicTime) {
        self.settle()
    }
}
