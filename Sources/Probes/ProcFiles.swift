#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads the kernel's small text files below a root; tests bring a root of their own.
package struct ProcFiles: Sendable, Hashable {
    /// Where processes are: `/proc`.
    package var root: String
    /// Where control groups are: `/sys/fs/cgroup`.
    package var groups: String

    /// The files of this machine, or others of the same form.
    package init(root: String = "/proc", groups: String = "/sys/fs/cgroup") {
        self.root = root
        self.groups = groups
    }

    /// A file's text, at most 1 MiB; nil when it cannot be read.
    func text(_ path: String) -> String? { Self.text(at: self.root + "/" + path) }

    /// A file's text up to the first part of it that is enough.
    ///
    /// The kernel writes such files as they are read: what is not read costs nothing.
    func text(_ path: String, until isEnough: (String) -> Bool) -> String? {
        Self.text(at: self.root + "/" + path, until: isEnough)
    }

    /// A file of a control group.
    func groupText(_ path: String) -> String? { Self.text(at: self.groups + path) }

    /// The numbers of all processes.
    func processes() -> [Int] { self.entries("").compactMap { Int($0) } }

    /// The names in a directory besides `.` and `..`; empty when it cannot be read.
    func entries(_ path: String) -> [String] {
        guard let directory = opendir(self.root + "/" + path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// How many entries a directory has besides `.` and `..`; nil when it cannot be read.
    func entryCount(_ path: String) -> Int? {
        guard let directory = opendir(self.root + "/" + path) else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return max(0, count - 2)
    }

    /// What a symbolic link says; nil when it cannot be read.
    func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = readlink(self.root + "/" + path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The inodes of the sockets a process holds; nil when its descriptors cannot be read.
    ///
    /// One call of the kernel for each descriptor, so not for every second.
    func sockets(of pid: Int) -> Set<Int>? {
        guard self.entryCount("\(pid)/fd") != nil else { return nil }
        var inodes: Set<Int> = []
        for name in self.entries("\(pid)/fd") {
            guard let link = self.link("\(pid)/fd/\(name)"), link.hasPrefix("socket:["),
                let inode = Int(link.dropFirst(8).dropLast())
            else { continue }
            inodes.insert(inode)
        }
        return inodes
    }

    /// The listening sockets that a process sees: those of its own network namespace.
    ///
    /// The kernel lists them before all connections, of which there may be many.
    func listeners(of process: String) -> [ProcText.Listener] {
        ["tcp", "tcp6"].flatMap { table in
            self.text("\(process)/net/\(table)", until: ProcText.holdsConnection)
                .map(ProcText.listeners) ?? []
        }
    }

    /// Any small file's text.
    static func text(
        at path: String, until isEnough: (String) -> Bool = { _ in false }
    ) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        // Files of /proc tell no length, so each is read to its end.
        while bytes.count < 1 << 20 {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 { return nil }
            if count == 0 { break }
            let part = buffer.prefix(count)
            bytes.append(contentsOf: part)
            if isEnough(String(decoding: part, as: UTF8.self)) { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What the kernel tells only when asked.
enum Machine {
    /// Ticks of a second in `/proc/PID/stat` and `/proc/stat`.
    static let ticksPerSecond = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// Processors at work.
    static let cores = Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    /// The number of this process.
    static var ownProcess: Int { Int(getpid()) }

    /// Free bytes and inodes of the file system that holds the path, for users without privileges.
    static func room(_ path: String) -> (bytes: Double, inodes: Double)? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        return (Double(facts.f_bavail) * Double(facts.f_frsize), Double(facts.f_favail))
    }

    /// Major and minor number of the device that holds the path.
    static func device(_ path: String) -> (major: Int, minor: Int)? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        let number = UInt64(facts.st_dev)
        // As glibc packs them (gnu_dev_major, gnu_dev_minor), which are macros and not seen here.
        let major = (number >> 8) & 0xFFF | (number >> 32) & ~0xFFF
        let minor = number & 0xFF | (number >> 12) & ~0xFF
        return (Int(truncatingIfNeeded: major), Int(truncatingIfNeeded: minor))
    }
}
