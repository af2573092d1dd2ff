import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The directory where media wait, and how much of it is taken.
final class Spool: Sendable {
    /// The directory.
    let directory: String
    private let used: Atomic<Int>
    private let threads = NIOThreadPool(numberOfThreads: 2)
    private let room = Mutex<Int?>(nil)

    /// A spool in an existing directory that already holds some bytes.
    init(directory: String, used: Int) {
        self.directory = directory
        self.used = Atomic(used)
        self.threads.start()
    }

    /// Bytes taken, including what is being received.
    var usedBytes: Int { self.used.load(ordering: .relaxed) }

    /// Bytes that still fit: within the limit, and on the disk where that has less.
    func free(limit: Int) -> Int {
        max(0, min(limit - self.usedBytes, self.room.withLock { $0 } ?? .max))
    }

    /// Takes room for more bytes; false, and nothing taken, beyond the limit.
    func reserve(_ count: Int, limit: Int) -> Bool {
        let (_, total) = self.used.add(count, ordering: .relaxed)
        guard total > limit else { return true }
        self.release(count)
        return false
    }

    /// Gives room back.
    func release(_ count: Int) {
        self.used.subtract(count, ordering: .relaxed)
    }

    /// Lets only so many bytes more fit on the disk; nil for as many as do.
    func leaveRoom(_ bytes: Int?) { self.room.withLock { $0 = bytes } }

    /// A file is gone, and with it the room it took on the disk.
    func freed(_ count: Int) { self.room.withLock { if let room = $0 { $0 = room + count } } }

    /// Writes all bytes to an open file of the spool; blocks.
    ///
    /// - Throws: `SpoolError` with the errno of the write that failed.
    func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        let fits = self.room.withLock { room in
            guard let left = room else { return true }
            guard bytes.count <= left else { return false }
            room = left - bytes.count
            return true
        }
        guard fits || bytes.isEmpty else {
            try SpoolError.writeToFullDevice(bytes)
            return
        }
        try SpoolError.write(bytes, to: descriptor)
    }

    /// Runs blocking file work off the cooperative pool.
    func blocking<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await self.threads.runIfActive(work)
    }

    /// The path of a file of that name.
    func path(_ name: String) -> String { self.directory + "/" + name }

    /// Ends the threads.
    func stop() async {
        try? await self.threads.shutdownGracefully()
    }
}

/// A file of the spool that could not be written; the errno says why.
struct SpoolError: Error {
    /// The errno.
    var code: Int32

    /// Whether there was no room.
    var isFull: Bool { [ENOSPC, EDQUOT, EFBIG].contains(self.code) }

    /// Writes to the device on which nothing ever fits, so that the kernel itself says ENOSPC.
    ///
    /// - Throws: `SpoolError` with the kernel's errno.
    static func writeToFullDevice(_ bytes: [UInt8]) throws {
        let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpoolError(code: ENOSPC) }
        defer { closeDescriptor(descriptor) }
        try SpoolError.write(bytes, to: descriptor)
    }

    /// Writes all bytes to an open file.
    ///
    /// - Throws: `SpoolError` with the errno of the write that failed.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var offset = 0
        try bytes.withUnsafeBytes { buffer in
            while offset < buffer.count, let base = buffer.baseAddress {
                let count = systemWrite(descriptor, base + offset, buffer.count - offset)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw SpoolError(code: errno)
                }
                offset += count
            }
        }
    }
}

/// `write(2)`, where a member of the same name would hide it.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

/// `close(2)`, where a member of the same name would hide it.
private func closeDescriptor(_ descriptor: Int32) {
    _ = close(descriptor)
}
