import Engine
import Foundation
import Measurements
import Planning
import Scenarios
import Targets
import Transport

/// What this machine allows, read from the kernel.
enum MachineFacts {
    /// Raises the soft limit of descriptors to the hard one and returns it.
    @discardableResult
    static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// The local ports a connection to one address may use: the range without reserved ones.
    static func localPorts() -> Int {
        let range = SystemFile.numbers("/proc/sys/net/ipv4/ip_local_port_range")
        guard range.count == 2, range[0] <= range[1] else { return 28_232 }
        let reserved = SystemFile.text("/proc/sys/net/ipv4/ip_local_reserved_ports")
        let lost = reserved.split { $0 == "," || $0.isWhitespace }.reduce(Int64(0)) { sum, item in
            let ends = item.split(separator: "-").compactMap { Int64($0) }
            guard let first = ends.first, let last = ends.last else { return sum }
            return sum + max(0, min(last, range[1]) - max(first, range[0]) + 1)
        }
        return Int(range[1] - range[0] + 1 - lost)
    }

    /// Seconds for which a closed connection keeps its local port.
    ///
    /// TIME_WAIT lasts 60 s. `tcp_tw_reuse` 1 lets new connections take the port after
    /// `tcp_tw_reuse_delay` (1 s); 2, the default since Linux 4.19, does so on loopback only.
    static func portSeconds(isLoopback: Bool) -> Double {
        let reuse = SystemFile.number("/proc/sys/net/ipv4/tcp_tw_reuse") ?? 2
        guard reuse == 1 || (reuse == 2 && isLoopback) else { return 60 }
        return Double(SystemFile.number("/proc/sys/net/ipv4/tcp_tw_reuse_delay") ?? 1_000) / 1_000
    }

    /// Memory this process can still have in bytes; nil when the kernel does not say.
    static func availableMemory() -> Int64? {
        let machine = SystemFile.field("MemAvailable", in: "/proc/meminfo").map { $0 * 1_024 }
        return [machine, CgroupLimits.current.memory].compactMap { $0 }.min()
    }

    /// Bytes free to us on the disk of a path, or of the nearest folder above it that exists.
    static func diskFree(at path: String) -> Int64? {
        var facts = statvfs()
        guard statvfs(self.existingFolder(above: path), &facts) == 0 else { return nil }
        return Int64(clamping: UInt64(facts.f_bavail) * UInt64(facts.f_frsize))
    }

    /// The path itself if it exists, or the nearest folder above it that does.
    static func existingFolder(above path: String) -> String {
        var url = URL(fileURLWithPath: path)
        while !FileManager.default.fileExists(atPath: url.path), url.path != "/" {
            url.deleteLastPathComponent()
        }
        return url.path
    }

    /// What this machine allows a plan.
    ///
    /// - Parameters:
    ///   - sources: how many local addresses it may connect from.
    ///   - directory: where its run would be written; nil when nothing is.
    static func limits(for plan: Plan, sources: Int, directory: String?) -> MachineLimits {
        let host = self.host()
        var limits = MachineLimits(
            descriptors: host.descriptors, localPorts: host.localPorts, cores: host.cores)
        limits.cpus = min(limits.cpus, CgroupLimits.current.cpus ?? limits.cpus)
        limits.sources = max(1, sources)
        limits.portSeconds = self.portSeconds(isLoopback: self.isLoopback(plan.target))
        limits.memory = self.availableMemory()
        limits.diskFree = directory.flatMap(self.diskFree(at:))
        return limits
    }

    private static func isLoopback(_ target: TargetSpec) -> Bool {
        guard case .url(let url) = target else { return true }
        guard let host = try? parseURL(url).host else { return false }
        return Consent.decide(host: host, request: ConsentRequest()) == .loopback
    }

    /// The facts that go into a manifest.
    ///
    /// - Parameter sources: how many local addresses are connected from; 0 for none in particular.
    static func host(sources: Int = 0) -> HostFacts {
        var name = utsname()
        uname(&name)
        var facts = HostFacts(
            kernel: "\(field(name.sysname)) \(field(name.release))",
            cores: AvailableCores.count(),
            descriptors: raiseDescriptorLimit(), localPorts: localPorts(),
            memory: Int64(clamping: ProcessInfo.processInfo.physicalMemory),
            name: field(name.nodename))
        facts.sources = max(1, sources)
        facts.timeWaitReuse = SystemFile.number("/proc/sys/net/ipv4/tcp_tw_reuse").map { Int($0) }
        facts.synRetries = self.synRetries()
        return facts
    }

    /// When this machine's kernel sends a SYN again; nil where it does not say.
    private static func synRetries() -> SynRetries? {
        let directory = "/proc/sys/net/ipv4/"
        guard let retries = SystemFile.number(directory + "tcp_syn_retries") else { return nil }
        // Older kernels double the gaps from the first on, and have no such file.
        let linear = SystemFile.number(directory + "tcp_syn_linear_timeouts") ?? 0
        return SynRetries(linear: Int(linear), retries: Int(retries))
    }

    /// The most connections that may wait to be accepted by a server on this machine.
    static func somaxconn() -> Int? {
        SystemFile.number("/proc/sys/net/core/somaxconn").map { Int($0) }
    }

    private static func field<T>(_ tuple: T) -> String {
        withUnsafeBytes(of: tuple) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
