#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that was received whole and lies in the spool.
struct SpooledMedia: Sendable, Equatable {
    /// The file's name in the spool.
    var name: String
    /// What it is.
    var container: MediaContainer
    /// Its size.
    var bytes: Int
    /// Its SHA-256 in hexadecimal digits.
    var sha256: String
}

/// A file on its way in; used by one request at a time.
///
/// Up to 64 KB stay in memory, so that an upload refused by a full queue never touches the disk;
/// beyond that, bytes go to the spool as they come.
///
/// Unchecked: only the request that holds it touches it, and `PartialUploads` hands it from one to
/// the next under its lock.
final class IncomingMedia: @unchecked Sendable {
    private static let memoryLimit = 65_536

    private let spool: Spool
    private let limit: Int
    let name: String
    private let digest = Digest()
    private var buffer: [UInt8] = []
    private var descriptor: Int32?
    private var container: MediaContainer?
    private var isOnDisk = false
    /// Bytes that took room on the disk.
    private var written = 0
    private(set) var bytes = 0

    /// A file of the given name in the spool; `limit` is the spool's.
    init(spool: Spool, name: String, limit: Int) {
        self.spool = spool
        self.limit = limit
        self.name = name
    }

    /// Takes the next bytes into memory.
    ///
    /// - Throws: `Refusal` 415 when they are no media, 507 when the spool is full.
    func append(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        guard self.spool.reserve(bytes.count, limit: self.limit) else {
            throw Refusal.spoolFull
        }
        self.bytes += bytes.count
        self.digest.update(bytes)
        self.buffer.append(contentsOf: bytes)
        if self.container == nil, self.bytes >= MediaContainer.bytesNeeded {
            self.container = MediaContainer(firstBytes: self.buffer)
            guard self.container != nil else { throw Refusal.notMedia }
        }
    }

    /// Moves what is in memory to the spool once it is much.
    func settle() async throws {
        if self.buffer.count >= IncomingMedia.memoryLimit { try await self.flush() }
    }

    /// Every byte came; checks that there is a file at all.
    func close() throws(Refusal) {
        guard self.container != nil else { throw Refusal.notMedia }
    }

    /// Writes the rest; afterwards the file lies in the spool under its name.
    ///
    /// - Throws: `SpoolError`, or `Refusal` when there is no file.
    func finish(durable: Bool) async throws -> SpooledMedia {
        guard let container = self.container else { throw Refusal.notMedia }
        let (path, rest, open) = (self.spool.path(self.name), self.buffer, self.descriptor)
        let spool = self.spool
        self.buffer = []
        self.descriptor = nil
        self.isOnDisk = true
        try await self.spool.blocking {
            let descriptor = try open ?? IncomingMedia.create(path)
            defer { closeFile(descriptor) }
            try spool.write(rest, to: descriptor)
            if durable { fsync(descriptor) }
            if open != nil, rename(path + ".part", path) != 0 { throw SpoolError(code: errno) }
        }
        self.written += rest.count
        return SpooledMedia(
            name: self.name, container: container, bytes: self.bytes, sha256: self.digest.finish())
    }

    /// Removes whatever was written and gives the room back.
    func discard() async {
        let (descriptor, path) = (self.descriptor, self.spool.path(self.name))
        self.descriptor = nil
        self.buffer = []
        self.spool.release(self.bytes)
        self.bytes = 0
        guard self.isOnDisk else { return }
        _ = try? await self.spool.blocking {
            if let descriptor { closeFile(descriptor) }
            unlink(path + ".part")
            unlink(path)
        }
        self.spool.freed(self.written)
        self.written = 0
    }

    private func flush() async throws {
        let bytes = self.buffer
        self.buffer = []
        self.isOnDisk = true
        let (known, path) = (self.descriptor, self.spool.path(self.name) + ".part")
        let descriptor: Int32
        if let known {
            descriptor = known
        } else {
            descriptor = try await self.spool.blocking { try IncomingMedia.create(path) }
            // Kept before the first write, so that `discard` closes it when that fails.
            self.descriptor = descriptor
        }
        let spool = self.spool
        try await spool.blocking { try spool.write(bytes, to: descriptor) }
        self.written += bytes.count
    }

    private static func create(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpoolError(code: errno) }
        return descriptor
    }
}

/// `close(2)`, where a member of the same name would hide it.
private func closeFile(_ descriptor: Int32) {
    _ = close(descriptor)
}
