/// How late a bare timer wakes a thread of this machine: the best any schedule here can do.
package struct TimerJitter: Sendable, Hashable {
    /// Median lateness in milliseconds.
    package let p50: Double
    /// 99th percentile of lateness in milliseconds, by nearest rank.
    package let p99: Double

    /// Waits for ticks of a timerfd on the calling thread, 100 a second, as the run's reference
    /// thread does; nil when there is no descriptor.
    package static func measure(ticks: Int = 100) -> TimerJitter? {
        guard ticks > 0, var timer = BareTimer() else { return nil }
        defer { timer.close() }
        timer.begin()
        var late: [Int64] = []
        while late.count < ticks {
            guard let tick = timer.next() else { return nil }
            late.append(tick.woke - tick.due)
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
