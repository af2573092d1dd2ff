import Foundation
import Primitives
import Synchronization

/// Threads that do nothing but use processor time, until they are stopped.
final class ProcessorBurn: Sendable {
    private let isWanted = Atomic<Bool>(true)

    /// Starts so many threads.
    init(threads: Int) {
        for _ in 0..<threads {
            Thread.detachNewThread {
                while self.isWanted.load(ordering: .relaxed) {
                    UnitOfWork.burn(.milliseconds(5))
                }
            }
        }
    }

    /// Lets them end, each within 5 ms of processor time.
    func stop() { self.isWanted.store(false, ordering: .relaxed) }
}
