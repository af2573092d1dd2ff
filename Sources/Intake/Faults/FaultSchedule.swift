import Primitives

/// Which faults are on: events in, actions out, no clock of its own and no I/O.
///
/// Time counts from the first request, so that faults keep their place in a load's course however
/// long the server had been waiting for it. Each fault is on once.
struct FaultSchedule: Sendable, Equatable {
    /// What has to be done.
    enum Action: Sendable, Equatable {
        /// The fault of this number is on from now on.
        case begin(Int)
        /// It is over.
        case end(Int)
    }

    /// How far a fault has come.
    enum Phase: Sendable, Equatable {
        /// Its moment has not come.
        case waiting
        /// It is on since then.
        case on(MonotonicTime)
        /// It is over.
        case over
    }

    /// The faults.
    let faults: [FaultSpec]
    /// Seconds of story per second of wall time.
    let timeScale: Double
    /// When the first request came; nil before.
    private(set) var origin: MonotonicTime?
    /// Requests that came.
    private(set) var requests = 0
    /// Bytes of bodies that came.
    private(set) var bytes = 0
    /// How far each fault has come.
    private(set) var phases: [Phase]
    private var window = RateWindow()

    /// A schedule before its first request.
    init(_ faults: [FaultSpec], timeScale: Double) {
        self.faults = faults
        self.timeScale = timeScale
        self.phases = faults.map { _ in .waiting }
    }

    /// A schedule that goes on where another process had to leave it.
    init(
        _ faults: [FaultSpec], timeScale: Double, origin: MonotonicTime?, requests: Int, bytes: Int,
        phases: [Phase]
    ) {
        precondition(phases.count == faults.count)
        self.init(faults, timeScale: timeScale)
        self.origin = origin
        self.requests = requests
        self.bytes = bytes
        self.phases = phases
    }

    /// A request came; a fault `afterCount: n` is on from the request after the n-th on.
    mutating func requestCame(at now: MonotonicTime) -> [Action] {
        if self.origin == nil { self.origin = now }
        var actions = self.timePassed(to: now)
        let rate = self.window.add(at: now)
        for (index, fault) in self.faults.enumerated() where self.phases[index] == .waiting {
            switch fault.trigger {
            case .count(let count) where self.requests >= count:
                actions.append(self.begin(index, at: now))
            case .rate(let limit) where Double(rate) >= limit:
                actions.append(self.begin(index, at: now))
            default: break
            }
        }
        self.requests += 1
        return actions
    }

    /// Bytes of a body came; a fault `afterBytes: n` is on once n are there.
    mutating func bytesCame(_ count: Int, at now: MonotonicTime) -> [Action] {
        var actions = self.timePassed(to: now)
        self.bytes += count
        for (index, fault) in self.faults.enumerated() where self.phases[index] == .waiting {
            if case .bytes(let total) = fault.trigger, self.bytes >= total {
                actions.append(self.begin(index, at: now))
            }
        }
        return actions
    }

    /// It is later than it was; ends come before beginnings.
    mutating func timePassed(to now: MonotonicTime) -> [Action] {
        var actions: [Action] = []
        for index in self.faults.indices {
            guard let end = self.end(of: index), end <= now else { continue }
            self.phases[index] = .over
            actions.append(.end(index))
        }
        for index in self.faults.indices where self.phases[index] == .waiting {
            guard let start = self.start(of: index), start <= now else { continue }
            actions.append(self.begin(index, at: now))
        }
        return actions
    }

    /// A fault is over before its time, because what it does cannot go on.
    mutating func finish(_ index: Int) -> [Action] {
        guard case .on = self.phases[index] else { return [] }
        self.phases[index] = .over
        return [.end(index)]
    }

    /// When time alone changes something next; nil when it does not.
    var nextWake: MonotonicTime? {
        self.faults.indices.compactMap { index -> MonotonicTime? in
            switch self.phases[index] {
            case .waiting: self.start(of: index)
            case .on: self.end(of: index)
            case .over: nil
            }
        }.min()
    }

    /// The faults that are on, by number.
    var active: [Int] {
        self.phases.indices.filter { if case .on = self.phases[$0] { true } else { false } }
    }

    private mutating func begin(_ index: Int, at now: MonotonicTime) -> Action {
        self.phases[index] = .on(now)
        return .begin(index)
    }

    private func start(of index: Int) -> MonotonicTime? {
        guard case .time(let span) = self.faults[index].trigger, let origin = self.origin else {
            return nil
        }
        return origin + span / self.timeScale
    }

    private func end(of index: Int) -> MonotonicTime? {
        guard case .on(let since) = self.phases[index], let span = self.faults[index].span else {
            return nil
        }
        return since + span / self.timeScale
    }
}
