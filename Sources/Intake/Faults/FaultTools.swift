import Primitives
import Synchronization

/// What faults that are on need at every request: counters, pacers, locks, disks, leaks.
final class FaultTools: Sendable {
    /// A number that only grows.
    final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        /// How often it was taken before.
        func take() -> Int { self.value.add(1, ordering: .relaxed).oldValue }
    }

    /// Something with threads, files or memory of its own.
    enum Made: Sendable {
        case lock(ContendedLock)
        case disk(SlowDisk)
        case leak(MemoryLeak)
    }

    /// A counter per fault.
    let counters: [Counter]
    private let pacers = Mutex<[Int: BandwidthPacer]>([:])
    private let made = Mutex<[Int: Made]>([:])

    init(faults: Int) {
        self.counters = (0..<faults).map { _ in Counter() }
    }

    /// What a fault made; nil before it was ready.
    subscript(index: Int) -> Made? { self.made.withLock { $0[index] } }

    /// Takes what a fault made, or forgets it.
    func set(_ made: Made?, for index: Int) { self.made.withLock { $0[index] = made } }

    /// How long bytes have to wait under a fault's bandwidth.
    func wait(_ fault: ActiveFault, for bytes: Int, at now: MonotonicTime) -> Nanoseconds {
        guard let rate = fault.spec.number("throughput"), rate > 0 else { return .zero }
        return self.pacers.withLock {
            $0[fault.index, default: BandwidthPacer(rate: rate)].wait(for: bytes, at: now)
        }
    }

    /// Whether a fault that takes a share of all hits this one.
    func hits(_ fault: ActiveFault) -> Bool {
        FaultShare.hits(
            self.counters[fault.index].take(), share: fault.spec.number("share") ?? 1)
    }
}
