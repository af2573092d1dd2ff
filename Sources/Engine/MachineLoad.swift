import Measurements
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the machine around the generator does, by the kernel's counters: processors, quota,
/// pressure, sockets.
///
/// Costs about 60 us a reading, half of it for `/proc/stat`; `/proc/net/tcp` would tell more and
/// cost a line for each socket.
struct MachineLoad {
    private let processors = KernelFile("/proc/stat")
    private let sockets = KernelFile("/proc/net/sockstat")
    private let pressures = [
        KernelFile("/proc/pressure/cpu"), KernelFile("/proc/pressure/memory"),
        KernelFile("/proc/pressure/io"),
    ]
    private let quota = QuotaCount.own
    private var lastHeld: Int64?
    private var lastUsed: Int64?
    private var lastStolen: Int64?
    private var lastWaits: [Int64?] = [nil, nil, nil]
    /// Nanoseconds in a tick of `/proc/stat`.
    private let tick = 1_000_000_000 / Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// Begins to count.
    init() {
        var unused = GeneratorSample(
            second: 0, cpu: 0, lagP99: nil, referenceP99: nil, descriptors: 0, memory: 0)
        self.fill(&unused, elapsed: 1)
    }

    /// Adds to a sample what happened since the reading before, that many nanoseconds ago.
    mutating func fill(_ sample: inout GeneratorSample, elapsed: Int64) {
        self.fillProcessors(&sample, elapsed)
        self.fillSockets(&sample)
        if let held = self.quota?.nanoseconds {
            sample.throttled = self.lastHeld.map { Double(held - $0) / Double(elapsed) }
            self.lastHeld = held
        }
        for (index, file) in self.pressures.enumerated() {
            // In microseconds, the last number of the line.
            guard let total = file?.numbers(after: "some").last else { continue }
            let waited = self.lastWaits[index].map { Double(total - $0) * 1e3 / Double(elapsed) }
            self.lastWaits[index] = total
            guard let share = waited.map({ min(1, max(0, $0)) }) else { continue }
            switch index {
            case 0: sample.pressureCPU = share
            case 1: sample.pressureMemory = share
            default: sample.pressureIO = share
            }
        }
    }

    private mutating func fillProcessors(_ sample: inout GeneratorSample, _ elapsed: Int64) {
        // user nice system idle iowait irq softirq steal guest guest_nice; guests are in user.
        guard let counts = self.processors?.numbers(after: "cpu "), counts.count >= 8 else {
            return
        }
        let used = counts[0] + counts[1] + counts[2] + counts[5] + counts[6]
        if let last = self.lastUsed {
            sample.machine = Double((used - last) * self.tick) / Double(elapsed)
        }
        if let last = self.lastStolen {
            sample.steal = Double((counts[7] - last) * self.tick) / Double(elapsed)
        }
        self.lastUsed = used
        self.lastStolen = counts[7]
    }

    private func fillSockets(_ sample: inout GeneratorSample) {
        // TCP: inuse 2 orphan 0 tw 1 alloc 2 mem 240
        guard let counts = self.sockets?.numbers(after: "TCP:"), counts.count >= 5 else { return }
        sample.sockets = Int(counts[0])
        sample.timeWait = Int(counts[2])
        sample.socketMemory = counts[4] * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
