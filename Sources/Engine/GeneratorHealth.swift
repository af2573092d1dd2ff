import Measurements
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Watches the generator's own process, second by second.
///
/// Unchecked Sendable: made before the run's control queue knows of it, confined to that queue
/// from then on. A sample costs about 30 us and 0.2 us per descriptor.
final class GeneratorHealth: @unchecked Sendable {
    private let reference: ReferenceThread
    private let clock = SystemClock()
    private var lastTime: MonotonicTime
    private var lastCPU: Int64
    private var hasSampled = false

    init(origin: MonotonicTime) throws(EngineError) {
        self.reference = try ReferenceThread(origin: origin)
        self.lastTime = self.clock.now()
        self.lastCPU = GeneratorHealth.processCPU()
    }

    deinit {
        self.reference.stop()
    }

    /// What the process used since the sample before; nil when too little time has passed.
    ///
    /// A run's last second is seldom whole, and its CPU over a few milliseconds would mislead.
    func sample(second: Int, lagP99: Double?) -> GeneratorSample? {
        let now = self.clock.now()
        guard !self.hasSampled || now - self.lastTime >= .milliseconds(250) else { return nil }
        self.hasSampled = true
        let cpu = GeneratorHealth.processCPU()
        let elapsed = max(1, (now - self.lastTime).count)
        let used = Double(cpu - self.lastCPU) / Double(elapsed)
        self.lastTime = now
        self.lastCPU = cpu
        let lateness = self.reference.lateness(through: second)
        var sample = GeneratorSample(
            second: second, cpu: used, lagP99: lagP99,
            referenceP99: lateness.p99,
            descriptors: GeneratorHealth.openDescriptors(),
            memory: GeneratorHealth.residentMemory())
        sample.reference = lateness.all
        return sample
    }

    /// Nanoseconds of CPU time used by all threads of the process.
    static func processCPU() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Open descriptors; libcurl's own sockets are not otherwise known.
    static func openDescriptors() -> Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // `.`, `..` and the directory's own descriptor.
        return max(0, count - 3)
    }

    /// Resident memory in bytes.
    static func residentMemory() -> Int64 {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return 0 }
        let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int64(fields[1]) else { return 0 }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
