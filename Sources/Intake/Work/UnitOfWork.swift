import NIOPosix
import Primitives
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What one unit of work costs: a sleep that holds the worker, and processor time if asked for.
final class UnitOfWork: Sendable {
    private let random: CounterRandom
    private let drawn = Atomic<Int>(0)
    private let processors = NIOThreadPool(numberOfThreads: 2)

    /// The same seed gives the same jitter in the same order.
    init(seed: UInt64 = 1) {
        self.random = CounterRandom(seed: seed, population: 0, intent: 0, purpose: .size)
        self.processors.start()
    }

    /// The service time of the next unit.
    func nextSpan(_ settings: IntakeSettings) -> Nanoseconds {
        guard settings.serviceJitter > .zero else { return settings.serviceTime }
        let n = self.drawn.add(1, ordering: .relaxed).newValue
        let spread = settings.serviceJitter * (2 * self.random.uniform(n) - 1)
        return max(.zero, settings.serviceTime + spread)
    }

    /// Does one unit.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func perform(_ settings: IntakeSettings) async throws {
        let span = self.nextSpan(settings)
        if span > .zero {
            try await Task.sleep(for: .nanoseconds(span.count), tolerance: .zero)
        }
        try await self.burnt(settings.cpuCost)
    }

    /// Uses that much processor time, on one of two threads.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before its turn.
    func burnt(_ cost: Nanoseconds) async throws {
        guard cost > .zero else { return }
        try await self.processors.runIfActive { UnitOfWork.burn(cost) }
    }

    /// Ends the threads.
    func stop() async {
        try? await self.processors.shutdownGracefully()
    }

    /// Uses that much of this thread's processor time.
    static func burn(_ cost: Nanoseconds) {
        func used() -> Int64 {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        }
        let end = used() + cost.count
        var value: UInt64 = 1
        while used() < end {
            for _ in 0..<1_000 { value = CounterRandom.mix(value) }
        }
        // The result must be wanted, or the optimiser removes the work.
        precondition(value != 0)
    }
}
