import Foundation
import Measurements

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

    /// The local ports a connection to one address may use.
    static func localPorts() -> Int {
        let fields = text("/proc/sys/net/ipv4/ip_local_port_range").split { $0.isWhitespace }
        guard fields.count == 2, let low = Int(fields[0]), let high = Int(fields[1]) else {
            return 28_232
        }
        return high - low + 1
    }

    /// The facts that go into a manifest.
    static func host() -> HostFacts {
        var name = utsname()
        uname(&name)
        return HostFacts(
            kernel: "\(field(name.sysname)) \(field(name.release))",
            cores: ProcessInfo.processInfo.activeProcessorCount,
            descriptors: raiseDescriptorLimit(), localPorts: localPorts(),
            memory: Int64(clamping: ProcessInfo.processInfo.physicalMemory),
            name: field(name.nodename))
    }

    /// The most connections that may wait to be accepted by a server on this machine.
    static func somaxconn() -> Int? {
        Int(text("/proc/sys/net/core/somaxconn").trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    private static func field<T>(_ tuple: T) -> String {
        withUnsafeBytes(of: tuple) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
