import CEpoll
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
/// from then on. A sample costs 60-90 us, off the lanes; on kernels before 6.2 another 0.2 us per
/// descriptor.
final class GeneratorHealth: @unchecked Sendable {
    private let reference: ReferenceThread
    private let clock = SystemClock()
    private let residentPages = KernelFile("/proc/self/statm")
    private var machine = MachineLoad()
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
    func sample(second: Int, lanes: [GeneratorSample.Lane]) -> GeneratorSample? {
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
            second: second, cpu: used, lagP99: lanes.compactMap(\.lagP99).max(),
            referenceP99: lateness.p99,
            descriptors: GeneratorHealth.openDescriptors(), memory: self.residentMemory())
        sample.reference = lateness.all
        sample.lanes = lanes
        self.machine.fill(&sample, elapsed: elapsed)
        self.noteStop(&sample, elapsed: elapsed)
        return sample
    }

    /// Tells of a standstill of the process, unless the hypervisor's stealing explains it.
    private func noteStop(_ sample: inout GeneratorSample, elapsed: Int64) {
        guard let stop = self.reference.takeStop() else { return }
        // Of all cores together: more than enough to have held up one thread.
        let stolen = (sample.steal ?? 0) * Double(elapsed) / 1e9
        guard stop.length.seconds - stolen >= ReferenceThread.stop.seconds else { return }
        sample.stoppedAt = stop.at.seconds
        sample.stoppedFor = stop.length.seconds
    }

    /// Nanoseconds of CPU time used by all threads of the process.
    static func processCPU() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Open descriptors; libcurl's own sockets are not otherwise known.
    static func openDescriptors() -> Int {
        // Since Linux 6.2 the directory's size is their number.
        var facts = stat()
        if stat("/proc/self/fd", &facts) == 0, facts.st_size > 0 { return Int(facts.st_size) }
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // `.`, `..` and the directory's own descriptor.
        return max(0, count - 3)
    }

    /// Resident memory in bytes.
    private func residentMemory() -> Int64 {
        let fields = self.residentPages?.numbers(after: "") ?? []
        guard fields.count > 1 else { return 0 }
        return fields[1] * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
