import Foundation

/// A folder of the form of /proc.
struct FakeProc {
    let path: String

    init() throws {
        self.path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("spate-proc-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: self.path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: self.path) }

    func remove(_ pid: Int) throws {
        try FileManager.default.removeItem(atPath: "\(self.path)/\(pid)")
    }

    /// Writes a process, or writes it anew.
    ///
    /// - Parameter ticks: user, system, and both of children that ended.
    func add(
        _ pid: Int, parent: Int, ticks: (Int, Int, Int, Int), start: Int, rss: Int, open: Int,
        limit: Int, state: String = "S"
    ) throws {
        let folder = "\(self.path)/\(pid)"
        try? FileManager.default.removeItem(atPath: folder + "/fd")
        try FileManager.default.createDirectory(
            atPath: folder + "/fd", withIntermediateDirectories: true)
        try self.write(
            "\(pid) (web) \(state) \(parent) 1 1 0 -1 0 0 0 0 0 \(ticks.0) \(ticks.1) \(ticks.2)"
                + " \(ticks.3) 20 0 2 0 \(start) 0 0\n", to: folder + "/stat")
        try self.write("VmRSS:\t\(rss) kB\nThreads:\t2\n", to: folder + "/status")
        try self.write("Max open files   \(limit)  \(limit)  files\n", to: folder + "/limits")
        for number in 0..<open { try self.write("", to: folder + "/fd/\(number)") }
    }

    /// Lets a process, by number or as `self`, see a listening socket.
    func listen(_ process: String, port: Int, inode: Int, waiting: Int) throws {
        let folder = "\(self.path)/\(process)/net"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let local = "00000000:" + String(port, radix: 16, uppercase: true)
        try self.write(
            "  sl  local_address rem_address   st tx_queue rx_queue\n   0: \(local) 00000000:0000"
                + " 0A 00000000:\(String(waiting, radix: 16)) 00:0 0 0 0 \(inode) 1 0 0\n",
            to: folder + "/tcp")
    }

    /// Lets a process hold a socket, as one more descriptor.
    func hold(_ pid: Int, inode: Int) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(self.path)/\(pid)/fd/99", withDestinationPath: "socket:[\(inode)]")
    }

    private func write(_ text: String, to file: String) throws {
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
}
