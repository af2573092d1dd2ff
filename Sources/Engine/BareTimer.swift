import CEpoll
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A timer of 100 ticks a second that a thread waits for: as punctual as this machine can be.
struct BareTimer: Sendable {
    /// Nanoseconds between two ticks.
    static let period: Int64 = 10_000_000
    private let descriptor: Int32
    private let clock = SystemClock()
    private var due = Int64(0)

    /// One tick, in nanoseconds of the monotonic clock.
    struct Tick {
        /// When it should have come.
        var due: Int64
        /// When the thread had it.
        var woke: Int64
    }

    /// Nil when there is no descriptor.
    init?() {
        self.descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC))
        if self.descriptor < 0 { return nil }
    }

    /// Lets the first tick come a period after an instant, or after now if that is later.
    mutating func begin(after instant: Int64 = 0) {
        self.due = max(instant, self.clock.now().nanoseconds) + BareTimer.period
    }

    /// Waits for the next tick; nil when the kernel will not.
    mutating func next() -> Tick? {
        var expirations: UInt64 = 0
        while true {
            guard spate_timer_arm(self.descriptor, self.due) == 0 else { return nil }
            let got = read(self.descriptor, &expirations, 8)
            if got < 0, errno != EINTR { return nil }
            let now = self.clock.now().nanoseconds
            guard now >= self.due else { continue }
            // Missed ticks are not made up: one late wake-up is one observation.
            defer { self.due = max(self.due + BareTimer.period, now) }
            return Tick(due: self.due, woke: now)
        }
    }

    /// Gives the descriptor back; of no use afterwards.
    func close() {
        Glibc.close(self.descriptor)
    }
}
