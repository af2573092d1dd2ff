import NIOPosix
import Primitives
import Synchronization

/// A lock that many threads want, and that costs more the more of them do.
///
/// Throughput is 1 / (section + coherency x others that wait): it falls as more come, which is the
/// retrograde scaling of Gunther's universal scalability law.
final class ContendedLock: Sendable {
    private static let threads = 16

    private let section: Nanoseconds
    private let coherency: Nanoseconds
    private let pool = NIOThreadPool(numberOfThreads: ContendedLock.threads)
    private let wanting = Atomic<Int>(0)
    private let lock = Mutex(())

    /// A lock under which so much processor time is used.
    init(section: Nanoseconds, coherency: Nanoseconds) {
        self.section = section
        self.coherency = coherency
        self.pool.start()
    }

    /// Goes through the lock once.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before its turn.
    func pass() async throws {
        self.wanting.add(1, ordering: .relaxed)
        defer { self.wanting.subtract(1, ordering: .relaxed) }
        try await self.pool.runIfActive {
            self.lock.withLock { _ in
                let others = max(0, self.wanting.load(ordering: .relaxed) - 1)
                UnitOfWork.burn(self.section + self.coherency * Double(others))
            }
        }
    }

    /// Ends the threads.
    func stop() async { try? await self.pool.shutdownGracefully() }
}
