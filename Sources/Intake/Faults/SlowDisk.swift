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

/// A journal that every unit of work has to be written to, one after another, with `fsync`.
final class SlowDisk: Sendable {
    /// The file is written over from its start once it is this long.
    private static let length = 16_777_216

    private let path: String
    private let syncs: Int
    private let bytes: Int
    // One thread: a disk has one head, and the order of its writes is what saturates.
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let pacer: Mutex<BandwidthPacer?>
    private let latency: Nanoseconds

    /// A journal in an existing directory; each sync takes `latency` at least.
    init(directory: String, syncs: Int, bytes: Int, latency: Nanoseconds) {
        self.path = directory + "/fault-journal"
        self.syncs = syncs
        self.bytes = bytes
        self.pacer = Mutex(latency > .zero ? BandwidthPacer(rate: 1 / latency.seconds) : nil)
        self.latency = latency
        self.thread.start()
    }

    /// Writes and waits until the disk has it, and until a disk of that latency would have it.
    ///
    /// - Returns: how long the disk was at work for it, waits for its turn left out.
    /// - Throws: `SpoolError` when the disk cannot, `CancellationError` when the task is cancelled.
    func commit() async throws -> Nanoseconds {
        let clock = SystemClock()
        let start = clock.now()
        let wait = self.pacer.withLock { $0?.wait(for: self.syncs, at: start) } ?? .zero
        let took = try await self.thread.runIfActive {
            let begun = clock.now()
            try self.write()
            return clock.now() - begun
        }
        let rest = start + wait - clock.now()
        if rest > .zero {
            try await Task.sleep(for: .nanoseconds(rest.count), tolerance: .zero)
        }
        return max(took, self.latency * Double(self.syncs))
    }

    /// Ends the thread and removes the file.
    func stop() async {
        try? await self.thread.shutdownGracefully()
        unlink(self.path)
    }

    private func write() throws {
        let descriptor = open(self.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpoolError(code: errno) }
        defer { close(descriptor) }
        if lseek(descriptor, 0, SEEK_END) > SlowDisk.length { lseek(descriptor, 0, SEEK_SET) }
        let block = [UInt8](repeating: 0x5A, count: self.bytes)
        for _ in 0..<self.syncs {
            try SpoolError.write(block, to: descriptor)
            guard fsync(descriptor) == 0 else { throw SpoolError(code: errno) }
        }
    }
}
