package import Primitives
import Synchronization

/// Reads the machine's pressure, memory, traffic, lost connections, and a file system's room.
package final class HostProbe: ProbeSource {
    private struct LastDisk {
        var at: MonotonicTime
        var disk: ProcText.Disk
    }
    /// Its name in reports.
    package let name = "host"
    private let disk: String?
    private let files: ProcFiles
    private let clock: any TimeSource
    private let last = Mutex<LastDisk?>(nil)

    /// A probe of this machine, and of the file system that holds `disk` if given.
    package init(
        disk: String? = nil, files: ProcFiles = ProcFiles(),
        clock: any TimeSource = SystemClock()
    ) {
        self.disk = disk
        self.files = files
        self.clock = clock
    }

    /// All it may tell.
    package let figures: Set<String> = Set(
        ["cpu", "mem", "io"].flatMap { ["psi.\($0).some", "psi.\($0).full"] } + [
            "cpu.cores", "cpu.iowait", "cpu.steal", "mem.avail", "mem.swap_in", "mem.oom_kills",
            "tcpext.ListenOverflows", "tcpext.ListenDrops", "tcpext.TCPReqQFullDrop",
            "tcpext.RetransSegs", "net.rx", "net.tx", "net.drops", "disk.free_bytes",
            "disk.free_inodes", "disk.util", "disk.await",
        ])

    /// What the kernel tells.
    package func read() async -> ProbeReading {
        var values: [String: Double] = ["cpu.cores": Machine.cores]
        for (resource, file) in [("cpu", "cpu"), ("mem", "memory"), ("io", "io")] {
            guard let text = self.files.text("pressure/\(file)") else { continue }
            values.merge(ProcText.pressure(text, resource: resource)) { $1 }
        }
        func add(_ file: String, _ read: (String) -> [String: Double]) {
            if let text = self.files.text(file) { values.merge(read(text)) { $1 } }
        }
        add("stat") { ProcText.processors($0, ticksPerSecond: Machine.ticksPerSecond) }
        add("vmstat") {
            ProcText.named($0, ["pswpin": "mem.swap_in", "oom_kill": "mem.oom_kills"])
        }
        add("meminfo") {
            // In kB, as proc_meminfo(5) says.
            ProcText.named($0, ["MemAvailable": "mem.avail"]).mapValues { $0 * 1024 }
        }
        add("net/netstat", ProcText.tcpExtension)
        add("net/dev", ProcText.traffic)
        if let text = self.files.text("net/snmp") {
            values["tcpext.RetransSegs"] = ProcText.retransmissions(text)
        }
        let problem = self.addDisk(to: &values)
        return ProbeReading(values, problem: problem, clock: .sameHost)
    }

    /// Adds the disk's figures; returns what is wrong with it.
    private func addDisk(to values: inout [String: Double]) -> String? {
        guard let disk else { return nil }
        guard let room = Machine.room(disk) else { return "\(disk) is on no file system" }
        values["disk.free_bytes"] = room.bytes
        values["disk.free_inodes"] = room.inodes
        // Not every file system stands on a device of its own.
        guard let device = Machine.device(disk), let text = self.files.text("diskstats"),
            let now = ProcText.disk(text, major: device.major, minor: device.minor)
        else { return nil }
        let at = self.clock.now()
        let before = self.last.withLock { last in
            defer { last = LastDisk(at: at, disk: now) }
            return last
        }
        guard let before, at > before.at else { return nil }
        let elapsed = (at - before.at).seconds * 1000
        values["disk.util"] = min(1, max(0, now.busy - before.disk.busy) / elapsed)
        let operations = now.operations - before.disk.operations
        if operations > 0 {
            values["disk.await"] = max(0, now.waited - before.disk.waited) / operations
        }
        return nil
    }
}
