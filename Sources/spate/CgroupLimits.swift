import Foundation

/// What the control groups this process is in leave it; versions 1 and 2 of the kernel's interface.
///
/// A group's limit holds for all below it, so the tightest on the way up counts.
struct CgroupLimits {
    /// Cores' worth of processor time; nil without a quota.
    private(set) var cpus: Double?
    /// Bytes it may still use, file cache counted as free; nil without a limit.
    private(set) var memory: Int64?

    /// Limits read from a mounted hierarchy.
    ///
    /// - Parameters:
    ///   - groups: the text of `/proc/self/cgroup`.
    ///   - root: where the hierarchies are mounted.
    init(groups: String, root: String = "/sys/fs/cgroup") {
        for line in groups.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",")
            let path = String(fields[2])
            if controllers.isEmpty {
                for folder in Self.folders(root, path) { self.readVersion2(folder) }
            } else if controllers.contains("cpu") {
                for folder in Self.folders(root + "/" + fields[1], path) { self.readCPU1(folder) }
            } else if controllers.contains("memory") {
                for folder in Self.folders(root + "/" + fields[1], path) {
                    self.readMemory1(folder)
                }
            }
        }
    }

    /// The limits of this process.
    static var current: CgroupLimits {
        CgroupLimits(groups: SystemFile.text("/proc/self/cgroup"))
    }

    /// A group's folder and all above it, up to the hierarchy's root.
    private static func folders(_ mount: String, _ path: String) -> [String] {
        let parts = path.split(separator: "/").map(String.init)
        return (0...parts.count).reversed().map {
            ([mount] + parts.prefix($0)).joined(separator: "/")
        }
    }

    private mutating func readVersion2(_ folder: String) {
        let quota = SystemFile.text(folder + "/cpu.max").split { $0.isWhitespace }
        if quota.count == 2, let time = Double(quota[0]), let period = Double(quota[1]) {
            self.limit(cpus: time / period)
        }
        if let most = SystemFile.number(folder + "/memory.max") {
            let cache = SystemFile.field("file", in: folder + "/memory.stat") ?? 0
            let used = SystemFile.number(folder + "/memory.current") ?? 0
            self.limit(memory: most - max(0, used - cache))
        }
    }

    private mutating func readCPU1(_ folder: String) {
        guard let time = SystemFile.number(folder + "/cpu.cfs_quota_us"), time > 0,
            let period = SystemFile.number(folder + "/cpu.cfs_period_us"), period > 0
        else { return }
        self.limit(cpus: Double(time) / Double(period))
    }

    private mutating func readMemory1(_ folder: String) {
        // "No limit" is a number near the largest of all.
        guard let most = SystemFile.number(folder + "/memory.limit_in_bytes"), most < 1 << 60
        else { return }
        let cache = SystemFile.field("total_cache", in: folder + "/memory.stat") ?? 0
        let used = SystemFile.number(folder + "/memory.usage_in_bytes") ?? 0
        self.limit(memory: most - max(0, used - cache))
    }

    private mutating func limit(cpus: Double) { self.cpus = min(self.cpus ?? cpus, cpus) }

    private mutating func limit(memory: Int64) {
        self.memory = max(0, min(self.memory ?? memory, memory))
    }
}

/// Reads the kernel's small files; what is missing is nil or empty, never an error.
enum SystemFile {
    /// A file's text; empty when it cannot be read.
    static func text(_ path: String) -> String {
        // Files of /proc have no size: reading by size would find them empty.
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.readToEnd()
        else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    /// A file that holds one whole number.
    static func number(_ path: String) -> Int64? {
        Int64(self.text(path).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The whole numbers of a file.
    static func numbers(_ path: String) -> [Int64] {
        self.text(path).split { $0.isWhitespace }.compactMap { Int64($0) }
    }

    /// The number behind a name, in a file of `name number` or `name: number kB` lines.
    static func field(_ name: String, in path: String) -> Int64? {
        for line in self.text(path).split(separator: "\n") {
            let words = line.split { $0.isWhitespace || $0 == ":" }
            if words.count > 1, words[0] == name { return Int64(words[1]) }
        }
        return nil
    }
}
