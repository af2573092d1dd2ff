import CEpoll
import Primitives
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A bare thread with a timer that ticks 100 times a second: how late the machine itself wakes.
///
/// A lane that is late while this thread is on time is the generator's fault; both late, the
/// machine's. Costs about 0.1 % of a core.
///
/// It also notices when the whole process stands still (SIGSTOP, a debugger): then it wakes late
/// without having waited for a processor, which the kernel counts for each thread (`schedstat`).
final class ReferenceThread: Sendable {
    /// A time in which the process did not run and did not even want to.
    struct Stop: Sendable {
        /// When it began, from the run's start.
        var at: Nanoseconds
        /// How long it lasted.
        var length: Nanoseconds
    }
    private struct State {
        var isStopped = false
        /// Lateness in microseconds, by second from the start.
        var lateness: [Int: [Int64]] = [:]
        /// The worst tick that was due before a second and came in it or after, likewise.
        var overdue: [Int: Int64] = [:]
        /// The longest stop not asked for yet.
        var stop: Stop?
    }
    /// The shortest standstill that is called one.
    static let stop = Nanoseconds.seconds(1)
    /// How many ticks share one reading of the time waited for a processor.
    private static let ticksPerReading = 10
    private let state = Mutex(State())
    private let origin: MonotonicTime

    /// Starts the thread.
    ///
    /// - Throws: `.resource` when there is no timer or no thread.
    init(origin: MonotonicTime) throws(EngineError) {
        self.origin = origin
        guard let timer = BareTimer() else {
            throw EngineError(.resource, "no descriptor for a timer")
        }
        let work = Unmanaged.passRetained(ThreadWork { self.run(timer) })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            timer.close()
            throw EngineError(.resource, "no thread for the reference clock")
        }
        pthread_detach(thread)
    }

    /// Lets the thread end within a tick.
    func stop() {
        self.state.withLock { $0.isStopped = true }
    }

    /// What the ticks up to a second's end were late by, in microseconds.
    ///
    /// Forgets that second and all before it.
    func lateness(through second: Int) -> Lateness {
        let (found, overdue) = self.state.withLock { state in
            let found = state.lateness.filter { $0.key <= second }
            state.lateness = state.lateness.filter { $0.key > second }
            let overdue = state.overdue[second]
            state.overdue = state.overdue.filter { $0.key > second }
            return (found, overdue)
        }
        return Lateness(
            inSecond: (found[second] ?? []).sorted(), overdue: overdue,
            all: found.values.joined().sorted())
    }

    /// Lateness in microseconds, ascending.
    struct Lateness {
        /// Of the second's ticks.
        var inSecond: [Int64]
        /// Of a tick that was due before the second and had not come when it began.
        var overdue: Int64?
        /// Of all ticks not told before.
        var all: [Int64]

        /// The 99th percentile of the second in milliseconds; nil when there was no tick.
        ///
        /// One that was overdue when the second began is no less than that.
        var p99: Double? {
            guard !self.inSecond.isEmpty else { return self.overdue.map { Double($0) / 1_000 } }
            let rank = Int((0.99 * Double(self.inSecond.count)).rounded(.up))
            return Double(max(self.inSecond[rank - 1], self.overdue ?? 0)) / 1_000
        }
    }

    /// The longest standstill since the last call.
    func takeStop() -> Stop? {
        self.state.withLock { state in
            defer { state.stop = nil }
            return state.stop
        }
    }

    private func run(_ bare: BareTimer) {
        var timer = bare
        // In nanoseconds: the time run, the time waited, and a count.
        let schedule = KernelFile("/proc/thread-self/schedstat")
        var waited = schedule?.numbers(after: "").dropFirst().first
        var ticks = 0
        timer.begin(after: self.origin.nanoseconds)
        while let tick = timer.next() {
            let isLong = tick.woke - tick.due >= ReferenceThread.stop.count
            ticks += 1
            var stop: Stop?
            if isLong || ticks % ReferenceThread.ticksPerReading == 0 {
                let present = schedule?.numbers(after: "").dropFirst().first
                if isLong {
                    stop = self.stop(from: tick.due, to: tick.woke, waited: waited, present)
                }
                waited = present
            }
            if self.note(tick: tick.due, now: tick.woke, stop) { break }
        }
        timer.close()
    }

    /// Keeps a tick's lateness; true when the thread is to end.
    private func note(tick: Int64, now: Int64, _ stop: Stop?) -> Bool {
        let late = (now - tick) / 1_000
        let first = Int((tick - self.origin.nanoseconds) / 1_000_000_000)
        let last = Int((now - self.origin.nanoseconds) / 1_000_000_000)
        return self.state.withLock { state in
            state.lateness[first, default: []].append(late)
            // A tick that is seconds late was late in each of them.
            for second in max(first + 1, last - 30)..<max(first + 1, last + 1) {
                state.overdue[second] = max(state.overdue[second] ?? 0, late)
            }
            // The harvester has gone away: keep no more than a minute.
            if state.lateness.count > 60 { state.lateness.removeAll() }
            if state.overdue.count > 60 { state.overdue.removeAll() }
            if let stop, stop.length > state.stop?.length ?? .zero { state.stop = stop }
            return state.isStopped
        }
    }

    /// What of a long lateness was no waiting for a processor; nil without the kernel's word.
    private func stop(from tick: Int64, to now: Int64, waited: Int64?, _ present: Int64?) -> Stop? {
        guard let waited, let present else { return nil }
        let still = now - tick - max(0, present - waited)
        guard still >= ReferenceThread.stop.count else { return nil }
        return Stop(
            at: Nanoseconds(max(0, tick - self.origin.nanoseconds)), length: Nanoseconds(still))
    }
}

private final class ThreadWork: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
