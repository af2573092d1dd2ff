import Primitives
import Synchronization

/// What is known of the faults: their schedule, those that are on, and what really happened.
///
/// Requests tell it that they came; it says what changed. What has to be done beyond other settings
/// goes to the injector as a stream, in order.
final class FaultBoard: Sendable {
    /// What the injector is asked for.
    enum Errand: Sendable, Equatable {
        /// A fault begins or ends.
        case perform(FaultSchedule.Action)
        /// Time alone changes something at another moment than before.
        case look
    }

    private struct State {
        var schedule: FaultSchedule
        var active: [ActiveFault] = []
        var records: [FaultRecord]
        var restarts = 0
        var capacity: Double?
    }

    /// Whether there is no fault at all; then nothing here costs anything.
    let isEmpty: Bool
    /// What the injector has to do.
    let errands: AsyncStream<Errand>
    private let asked: AsyncStream<Errand>.Continuation
    private let state: Mutex<State>

    init(_ faults: [FaultSpec], timeScale: Double) {
        self.isEmpty = faults.isEmpty
        (self.errands, self.asked) = AsyncStream<Errand>.makeStream()
        self.state = Mutex(
            State(
                schedule: FaultSchedule(faults, timeScale: timeScale),
                records: faults.map { _ in FaultRecord() }))
    }

    /// The faults that are on.
    var active: [ActiveFault] { self.isEmpty ? [] : self.state.withLock { $0.active } }

    /// Whether a fault is on.
    func isOn(_ index: Int) -> Bool {
        self.state.withLock { $0.active.contains { $0.index == index } }
    }

    /// Every fault, by number.
    var faults: [FaultSpec] { self.state.withLock { $0.schedule.faults } }

    /// When time alone changes something next.
    var nextWake: MonotonicTime? { self.state.withLock { $0.schedule.nextWake } }

    /// What was measured last before a fault began or ended; nil when nothing was.
    var lastCapacity: Double? { self.state.withLock { $0.capacity } }

    /// Requests that came.
    var requests: Int { self.state.withLock { $0.schedule.requests } }

    /// A change of the schedule; true when a fault began or ended.
    func change(
        at now: MonotonicTime, around: () -> (spoolBytes: Int, capacity: Double?),
        _ change: (inout FaultSchedule) -> [FaultSchedule.Action]
    ) -> Bool {
        self.state.withLock { state in
            let wake = state.schedule.nextWake
            let actions = change(&state.schedule)
            if state.schedule.nextWake != wake { self.asked.yield(.look) }
            guard !actions.isEmpty else { return false }
            let (spoolBytes, capacity) = around()
            state.capacity = capacity ?? state.capacity
            for action in actions {
                switch action {
                case .begin(let index):
                    state.active.append(
                        ActiveFault(
                            index: index, spec: state.schedule.faults[index], since: now,
                            spoolBytes: spoolBytes))
                    state.records[index].triggered = FaultBoard.instant(now, state.schedule)
                    state.records[index].atTrigger = (
                        state.schedule.requests, state.schedule.bytes
                    )
                    state.records[index].capacityBefore = capacity
                case .end(let index):
                    state.records[index].capacityDuring = capacity
                    state.active.removeAll { $0.index == index }
                }
                self.asked.yield(.perform(action))
            }
            return true
        }
    }

    /// No more is asked of the injector.
    func close() { self.asked.finish() }

    // MARK: - What really happened

    /// A fault is in force.
    func began(_ index: Int, at now: MonotonicTime) {
        self.state.withLock {
            guard $0.records[index].began == nil else { return }
            $0.records[index].began = FaultBoard.instant(now, $0.schedule)
        }
    }

    /// A fault is no longer in force.
    func ended(_ index: Int, at now: MonotonicTime) {
        self.state.withLock { $0.records[index].ended = FaultBoard.instant(now, $0.schedule) }
    }

    /// A fault could not be injected.
    func failed(_ index: Int, _ why: String) {
        self.state.withLock { $0.records[index].failure = why }
    }

    /// Something began that will happen again and again.
    func occurred(_ index: Int, at now: MonotonicTime) {
        self.state.withLock { state in
            guard state.records[index].occurrences.count < FaultRecord.mostOccurrences else {
                return
            }
            state.records[index].occurrences.append(
                FaultRecord.Occurrence(began: FaultBoard.instant(now, state.schedule)))
        }
    }

    /// What began last is over.
    func occurrenceEnded(_ index: Int, at now: MonotonicTime) {
        self.state.withLock { state in
            guard let last = state.records[index].occurrences.indices.last,
                state.records[index].occurrences[last].ended == nil
            else { return }
            state.records[index].occurrences[last].ended = FaultBoard.instant(
                now, state.schedule)
        }
    }

    /// How often what a fault does again and again has happened.
    func occurrences(of index: Int) -> Int {
        self.state.withLock { $0.records[index].occurrences.count }
    }

    /// The faults and what became of them, for the manifest.
    var truth: JSONValue {
        let state = self.state.withLock { $0 }
        return .array(
            zip(state.schedule.faults, state.records).map { fault, record -> JSONValue in
                let mechanism = fault.mechanism.map(JSONValue.string) ?? .null
                guard case .object(let members) = record.json else { return .null }
                return .object(
                    [
                        ("id", .string(fault.id.rawValue)), ("mechanism", mechanism),
                        ("asked", fault.json),
                    ] + members)
            })
    }

    private static func instant(
        _ now: MonotonicTime, _ schedule: FaultSchedule
    ) -> FaultInstant {
        let seconds = schedule.origin.map { (now - $0).seconds } ?? 0
        return FaultInstant(at: WallTime.now().iso8601, seconds: (seconds * 1e6).rounded() / 1e6)
    }
}

// MARK: - From one process to the next
extension FaultBoard {
    /// All that another process needs to go on, on the same machine since the same boot.
    var saved: JSONValue {
        let state = self.state.withLock { $0 }
        let phases = state.schedule.phases.map { phase -> JSONValue in
            switch phase {
            case .waiting: .string("waiting")
            case .on(let since): .integer(Int(since.nanoseconds))
            case .over: .string("over")
            }
        }
        return .object([
            ("origin", state.schedule.origin.map { .integer(Int($0.nanoseconds)) } ?? .null),
            ("requests", .integer(state.schedule.requests)),
            ("bytes", .integer(state.schedule.bytes)), ("phases", .array(phases)),
            ("restarts", .integer(state.restarts)),
            (
                "spool",
                .array(
                    state.schedule.faults.indices.map { index in
                        .integer(state.active.first { $0.index == index }?.spoolBytes ?? 0)
                    })
            ),
            ("records", .array(state.records.map(\.json))),
        ])
    }

    /// Takes up what another process saved; false when it does not belong to these faults.
    func restore(_ json: JSONValue) -> Bool {
        self.state.withLock { state in
            let faults = state.schedule.faults
            guard case .array(let phases)? = json["phases"], phases.count == faults.count,
                case .array(let records)? = json["records"], records.count == faults.count,
                let requests = json["requests"]?.numeric, let bytes = json["bytes"]?.numeric
            else { return false }
            let restored = phases.map { phase -> FaultSchedule.Phase in
                switch phase {
                case .integer(let since): .on(MonotonicTime(nanoseconds: Int64(since)))
                case .string("over"): .over
                default: .waiting
                }
            }
            var origin: MonotonicTime?
            if case .integer(let nanoseconds)? = json["origin"] {
                origin = MonotonicTime(nanoseconds: Int64(nanoseconds))
            }
            state.schedule = FaultSchedule(
                faults, timeScale: state.schedule.timeScale, origin: origin,
                requests: Int(requests), bytes: Int(bytes), phases: restored)
            state.records = records.map { FaultRecord($0) }
            var spool: [JSONValue] = []
            if case .array(let items)? = json["spool"], items.count == faults.count {
                spool = items
            }
            state.restarts = Int(json["restarts"]?.numeric ?? 0) + 1
            for (index, phase) in restored.enumerated() {
                guard case .on(let since) = phase else { continue }
                state.active.append(
                    ActiveFault(
                        index: index, spec: faults[index], since: since,
                        spoolBytes: spool.isEmpty ? 0 : Int(spool[index].numeric ?? 0)))
                self.asked.yield(.perform(.begin(index)))
            }
            return true
        }
    }

    /// How often the process was started again.
    var restarts: Int { self.state.withLock { $0.restarts } }
}
