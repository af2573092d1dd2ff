/// Reads the machine's pressure, its lost connections and a file system's room.
package struct HostProbe: ProbeSource {
    /// Its name in reports.
    package let name: String
    private let disk: String?

    /// A probe of this machine, and of the file system that holds `disk` if given.
    package init(name: String = "host", disk: String? = nil) {
        self.name = name
        self.disk = disk
    }

    /// What the kernel tells; well below a millisecond.
    package func read() async -> [String: Double]? {
        var values: [String: Double] = [:]
        for (resource, file) in [("cpu", "cpu"), ("mem", "memory"), ("io", "io")] {
            guard let text = ProcFile.text("/proc/pressure/\(file)") else { continue }
            values.merge(ProcText.pressure(text, resource: resource)) { $1 }
        }
        if let text = ProcFile.text("/proc/net/netstat") {
            values.merge(ProcText.tcpExtension(text)) { $1 }
        }
        if let text = ProcFile.text("/proc/net/snmp") {
            values["tcpext.RetransSegs"] = ProcText.retransmissions(text)
        }
        if let disk, let room = ProcFile.room(disk) {
            values["disk.free_bytes"] = room.bytes
            values["disk.free_inodes"] = room.inodes
        }
        return values.isEmpty ? nil : values
    }
}
