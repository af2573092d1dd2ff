#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads the kernel's small text files.
enum ProcFile {
    /// A file's text, at most 1 MiB; nil when it cannot be read.
    ///
    /// Files of /proc tell no length, so it is read to its end.
    static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < 1 << 20 {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 { return nil }
            if count == 0 { break }
            bytes.append(contentsOf: buffer.prefix(count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How many entries a directory has besides `.` and `..`; nil when it cannot be read.
    static func entryCount(_ path: String) -> Int? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return max(0, count - 2)
    }

    /// Ticks of a second in `/proc/PID/stat`.
    static var ticksPerSecond: Double { Double(max(1, sysconf(Int32(_SC_CLK_TCK)))) }

    /// Free bytes and inodes of the file system that holds the path, for users without privileges.
    static func room(_ path: String) -> (bytes: Double, inodes: Double)? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        return (Double(facts.f_bavail) * Double(facts.f_frsize), Double(facts.f_favail))
    }
}
