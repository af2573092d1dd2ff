import CEpoll
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Wakes a lane that waits in the kernel, from any thread: an eventfd.
///
/// Behind a lock, because a descriptor's number comes again: nobody may ring one that was closed.
/// A ring costs a system call and happens some times a second, not per request.
final class Bell: Sendable {
    private let descriptor: Mutex<Int32>

    /// A bell at rest; nil without a descriptor.
    init?() {
        let descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard descriptor >= 0 else { return nil }
        self.descriptor = Mutex(descriptor)
    }

    /// Its descriptor, readable once it was rung; -1 after `close`.
    var number: Int32 { self.descriptor.withLock { $0 } }

    /// Rings; does nothing after `close`.
    func ring() {
        self.descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            var one: UInt64 = 1
            // It can only fail when it was rung 2^64 - 2 times, and is then readable anyway.
            _ = write(descriptor, &one, 8)
        }
    }

    /// Closes the descriptor.
    func close() {
        self.descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            Glibc.close(descriptor)
            descriptor = -1
        }
    }
}
