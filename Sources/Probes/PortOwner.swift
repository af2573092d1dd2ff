/// Finds the process that listens at a port, and remembers it.
struct PortOwner {
    private let port: Int
    private var pid: Int?
    /// Sockets whose owner could not be seen: asked again only when they change.
    private var unseen: Set<Int> = []

    init(port: Int) {
        self.port = port
    }

    /// The process; nil when nobody listens, or somebody whose descriptors cannot be read.
    ///
    /// Looks through all processes' descriptors only when the one before has ended.
    mutating func find(_ files: ProcFiles) -> Int? {
        if let pid, Self.isAlive(pid, files) { return pid }
        self.pid = nil
        let sockets = Set(
            files.listeners(of: "self").filter { $0.port == self.port }.map(\.inode))
        guard !sockets.isEmpty, sockets != self.unseen else { return nil }
        let owners = files.processes().compactMap { pid -> ProcText.Stat? in
            guard let held = files.sockets(of: pid), !held.isDisjoint(with: sockets) else {
                return nil
            }
            return files.text("\(pid)/stat").flatMap(ProcText.stat)
        }
        // A server that shares its socket with its workers is older than they are.
        self.pid = owners.min { ($0.startTicks, $0.pid) < ($1.startTicks, $1.pid) }?.pid
        self.unseen = self.pid == nil ? sockets : []
        return self.pid
    }

    /// Why nobody was found, in one sentence.
    var absence: String {
        self.unseen.isEmpty
            ? "nobody listens at port \(self.port)"
            : "whoever listens at port \(self.port) is another user's process: run as that user,"
                + " or give its pid"
    }

    private static func isAlive(_ pid: Int, _ files: ProcFiles) -> Bool {
        files.text("\(pid)/stat").flatMap(ProcText.stat)?.isAlive ?? false
    }
}
