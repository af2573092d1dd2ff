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
final class ReferenceThread: Sendable {
    private struct State {
        var isStopped = false
        /// Lateness in microseconds, by second from the start.
        var lateness: [Int: [Int64]] = [:]
    }
    private static let period: Int64 = 10_000_000
    private let state = Mutex(State())
    private let origin: MonotonicTime

    /// Starts the thread.
    ///
    /// - Throws: `.resource` when there is no timer or no thread.
    init(origin: MonotonicTime) throws(EngineError) {
        self.origin = origin
        let timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC))
        guard timer >= 0 else { throw EngineError(.resource, "no descriptor for a timer") }
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
            close(timer)
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
        let found = self.state.withLock { state in
            let found = state.lateness.filter { $0.key <= second }
            state.lateness = state.lateness.filter { $0.key > second }
            return found
        }
        return Lateness(
            inSecond: (found[second] ?? []).sorted(), all: found.values.joined().sorted())
    }

    /// Lateness in microseconds, ascending.
    struct Lateness {
        /// Of the second's ticks.
        var inSecond: [Int64]
        /// Of all ticks not told before.
        var all: [Int64]

        /// The 99th percentile of the second in milliseconds; nil when there was no tick.
        var p99: Double? {
            guard !self.inSecond.isEmpty else { return nil }
            let rank = Int((0.99 * Double(self.inSecond.count)).rounded(.up))
            return Double(self.inSecond[rank - 1]) / 1_000
        }
    }

    private func run(_ timer: Int32) {
        let clock = SystemClock()
        var tick = max(self.origin.nanoseconds, clock.now().nanoseconds) + ReferenceThread.period
        var expirations: UInt64 = 0
        while true {
            _ = spate_timer_arm(timer, tick)
            let got = read(timer, &expirations, 8)
            if got < 0, errno != EINTR { break }
            let now = clock.now().nanoseconds
            guard now >= tick else { continue }
            let late = (now - tick) / 1_000
            let second = Int((tick - self.origin.nanoseconds) / 1_000_000_000)
            let isStopped = self.state.withLock { state in
                state.lateness[second, default: []].append(late)
                // The harvester has gone away: keep no more than a minute.
                if state.lateness.count > 60 { state.lateness.removeAll() }
                return state.isStopped
            }
            if isStopped { break }
            // Missed ticks are not made up: one late wake-up is one observation.
            tick = max(tick + ReferenceThread.period, now)
        }
        close(timer)
    }
}

private final class ThreadWork: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
