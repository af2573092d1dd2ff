#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that only grows, written with plain `write(2)`: what returned survives our own death.
final class AppendFile {
    let path: String
    private let writing: @Sendable (Int32, UnsafeRawPointer, Int) -> Int
    private var descriptor: Int32
    /// Bytes in the file, as far as whole appends go.
    private(set) var length: Int64 = 0

    /// `write(2)` itself.
    static let system: @Sendable (Int32, UnsafeRawPointer, Int) -> Int = { write($0, $1, $2) }

    init(
        path: String,
        writing: @escaping @Sendable (Int32, UnsafeRawPointer, Int) -> Int = AppendFile.system
    ) throws(JournalError) {
        self.path = path
        self.writing = writing
        self.descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard self.descriptor >= 0 else { throw .notCreatable(path: path, errno: errno) }
    }

    deinit {
        if self.descriptor >= 0 { close(self.descriptor) }
    }

    /// Appends all bytes or none: a torn append is cut off again, as far as the system allows.
    func append(_ bytes: [UInt8]) throws(JournalError) {
        var code: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            var done = 0
            while done < buffer.count {
                let count = self.writing(self.descriptor, base + done, buffer.count - done)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 {
                    code = count < 0 ? errno : EIO
                    return
                }
                done += count
            }
        }
        guard code == 0 else {
            ftruncate(self.descriptor, off_t(self.length))
            throw .notWritable(path: self.path, errno: code)
        }
        self.length += Int64(bytes.count)
    }

    /// Writes a whole small file so that readers see the old one or the new one, never half.
    static func replace(_ path: String, with bytes: [UInt8]) throws(JournalError) {
        let fresh = path + ".new"
        unlink(fresh)
        let file = try AppendFile(path: fresh)
        do throws(JournalError) {
            try file.append(bytes)
        } catch {
            unlink(fresh)
            throw error
        }
        guard rename(fresh, path) == 0 else {
            let code = errno
            unlink(fresh)
            throw .notWritable(path: path, errno: code)
        }
    }

    /// All bytes of a file; nil with errno set when it cannot be read.
    static func contents(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return nil }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            errno = EINVAL
            return nil
        }
        let size = Int(facts.st_size)
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size, let base = buffer.baseAddress {
                let count = read(descriptor, base + filled, size - filled)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { failed = true }
                if count <= 0 { return }
                filled += count
            }
        }
        return failed ? nil : bytes
    }
}
