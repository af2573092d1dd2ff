#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How long the processor quota of a control group has held the process back, both versions of the
/// kernel's interface.
///
/// A container with a quota of half a core looks idle from within while it may not run: only the
/// group's own count tells. The nearest group that counts is asked.
struct QuotaCount {
    private let file: KernelFile
    private let isVersion2: Bool

    /// The count of the process's own group; nil where no group has one.
    ///
    /// - Parameters:
    ///   - groups: the lines of `/proc/self/cgroup`.
    ///   - root: where the hierarchies are mounted.
    init?(groups: [String], root: String = "/sys/fs/cgroup") {
        for line in groups {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let isVersion2 = fields[1].isEmpty
            guard isVersion2 || fields[1].split(separator: ",").contains("cpu") else { continue }
            let mount = isVersion2 ? root : "\(root)/\(fields[1])"
            var parts = fields[2].split(separator: "/")
            while true {
                let path = ([Substring(mount)] + parts + ["cpu.stat"]).joined(separator: "/")
                if let file = KernelFile(path), !QuotaCount.count(file, isVersion2).isEmpty {
                    self.file = file
                    self.isVersion2 = isVersion2
                    return
                }
                if parts.popLast() == nil { break }
            }
        }
        return nil
    }

    /// The count of this process's group.
    static var own: QuotaCount? {
        guard let file = fopen("/proc/self/cgroup", "re") else { return nil }
        defer { fclose(file) }
        var lines: [String] = []
        var buffer = [CChar](repeating: 0, count: 4_096)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let bytes = buffer.prefix { $0 != 0 && $0 != 0x0a }.map(UInt8.init(bitPattern:))
            lines.append(String(decoding: bytes, as: UTF8.self))
        }
        return QuotaCount(groups: lines)
    }

    /// Nanoseconds so far, those of all processors together.
    var nanoseconds: Int64? {
        QuotaCount.count(self.file, self.isVersion2).first.map { self.isVersion2 ? $0 * 1_000 : $0 }
    }

    private static func count(_ file: KernelFile, _ isVersion2: Bool) -> [Int64] {
        isVersion2 ? file.numbers(after: "throttled_usec") : file.numbers(after: "throttled_time")
    }
}
