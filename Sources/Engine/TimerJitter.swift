import CEpoll
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How late a bare timer wakes a thread of this machine: the best any schedule here can do.
package struct TimerJitter: Sendable, Hashable {
    /// Median lateness in milliseconds.
    package let p50: Double
    /// 99th percentile of lateness in milliseconds, by nearest rank.
    package let p99: Double

    /// Waits for ticks of a timerfd on the calling thread, 100 a second, as the run's reference
    /// thread does; nil when there is no descriptor.
    package static func measure(ticks: Int = 100) -> TimerJitter? {
        let timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC))
        guard timer >= 0, ticks > 0 else { return nil }
        defer { close(timer) }
        let clock = SystemClock()
        let period: Int64 = 10_000_000
        var tick = clock.now().nanoseconds + period
        var late: [Int64] = []
        var expirations: UInt64 = 0
        while late.count < ticks {
            guard spate_timer_arm(timer, tick) == 0 else { return nil }
            let got = read(timer, &expirations, 8)
            if got < 0, errno != EINTR { return nil }
            let now = clock.now().nanoseconds
            guard now >= tick else { continue }
            late.append(now - tick)
            // Missed ticks are not made up: one late wake-up is one observation.
            tick = max(tick + period, now)
        }
        return TimerJitter(lateness: late)
    }

    /// The quantiles of some latenesses in nanoseconds.
    ///
    /// - Precondition: there is at least one.
    init(lateness: [Int64]) {
        let sorted = lateness.sorted()
        func quantile(_ share: Double) -> Double {
            let rank = max(1, Int((share * Double(sorted.count)).rounded(.up)))
            return Double(sorted[rank - 1]) / 1e6
        }
        self.p50 = quantile(0.5)
        self.p99 = quantile(0.99)
    }
}
