import Primitives
import Synchronization

/// The workers and the queue before them; requests wait here for their turn.
final class WorkerPool: Sendable {
    /// How a request's wish for a worker ended.
    enum Turn: Sendable {
        /// A worker is taken and must be given back.
        case granted
        /// The queue is full.
        case refused
        /// The request was cancelled while it waited.
        case left
        /// The server is being stopped.
        case closed
    }

    private struct State {
        var queue: WorkQueue
        var meter = CapacityMeter()
        var waiting: [WorkQueue.Ticket: CheckedContinuation<Turn, Never>] = [:]
        var lastTicket = 0
        var isClosed = false
    }

    private let state: Mutex<State>
    private let clock: any TimeSource

    init(
        workers: Int, queue: Int, order: IntakeSettings.QueueOrder,
        clock: any TimeSource = SystemClock()
    ) {
        self.state = Mutex(State(queue: WorkQueue(workers: workers, limit: queue, order: order)))
        self.clock = clock
    }

    /// Waiting, being served, workers.
    var load: (depth: Int, busy: Int, workers: Int) {
        self.state.withLock { ($0.queue.depth, $0.queue.busy, $0.queue.workers) }
    }

    /// Completions a second while all workers were busy; nil when they never were for a second.
    var capacityMeasured: Double? {
        let now = self.clock.now()
        return self.state.withLock { $0.meter.perSecond(at: now) }
    }

    /// Waits for a worker; `.granted` must be followed by `release`.
    func acquire() async -> Turn {
        let ticket = self.state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let turn = self.arrive(ticket, continuation) {
                    continuation.resume(returning: turn)
                }
            }
        } onCancel: {
            self.leave(ticket)
        }
    }

    /// Gives a worker back; the next request gets it.
    func release(completed: Bool) {
        let now = self.clock.now()
        let next = self.state.withLock { state in
            if completed { state.meter.completed() }
            let ticket = state.queue.finished()
            state.meter.saturated(state.queue.isSaturated, at: now)
            return ticket.flatMap { state.waiting.removeValue(forKey: $0) }
        }
        next?.resume(returning: .granted)
    }

    /// Takes new sizes; `restartsMeter` when units now cost something else.
    func change(
        workers: Int, queue: Int, order: IntakeSettings.QueueOrder, restartsMeter: Bool
    ) {
        let now = self.clock.now()
        let started = self.state.withLock { state in
            state.queue.order = order
            let workersChanged = workers != state.queue.workers
            let tickets = state.queue.resized(workers: workers, limit: queue)
            if workersChanged || restartsMeter { state.meter.reset() }
            state.meter.saturated(state.queue.isSaturated, at: now)
            return tickets.compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for continuation in started { continuation.resume(returning: .granted) }
    }

    /// Turns away everything that waits and everything that comes.
    func close() {
        let turnedAway = self.state.withLock { state in
            state.isClosed = true
            return state.queue.closed().compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for continuation in turnedAway { continuation.resume(returning: .closed) }
    }

    private func arrive(
        _ ticket: WorkQueue.Ticket, _ continuation: CheckedContinuation<Turn, Never>
    ) -> Turn? {
        let now = self.clock.now()
        return self.state.withLock { state in
            if state.isClosed { return .closed }
            // A cancellation that came before this point found nothing to resume.
            if Task.isCancelled { return .left }
            let admission = state.queue.arrived(ticket)
            state.meter.saturated(state.queue.isSaturated, at: now)
            switch admission {
            case .start: return .granted
            case .refuse: return .refused
            case .wait:
                state.waiting[ticket] = continuation
                return nil
            }
        }
    }

    private func leave(_ ticket: WorkQueue.Ticket) {
        let continuation = self.state.withLock { state in
            state.queue.left(ticket) ? state.waiting.removeValue(forKey: ticket) : nil
        }
        continuation?.resume(returning: .left)
    }
}
