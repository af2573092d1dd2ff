import Synchronization

/// Reads one process, and notices when another one took its place.
package final class ProcessProbe: ProbeSource {
    /// Which process.
    package enum Choice: Sendable, Hashable {
        /// That one; no other takes its place.
        case pid(Int)
        /// The one whose number the file holds, read anew each time.
        case pidFile(String)
    }
    /// A process is the same one only with the same start: numbers are used again.
    private struct Identity: Hashable {
        var pid: Int
        var startTicks: Int64
    }
    private struct History {
        var last: Identity?
        var restarts = 0
    }

    /// Its name in reports.
    package let name: String
    private let choice: Choice
    private let port: Int?
    private let history = Mutex(History())

    /// A probe of a process, and of the queue of the port that it listens at, if given.
    package init(name: String, choice: Choice, port: Int? = nil) {
        self.name = name
        self.choice = choice
        self.port = port
    }

    /// True when the process can be read now: asked before a run, so that a wrong number is told.
    package var exists: Bool {
        self.pid.flatMap { ProcFile.text("/proc/\($0)/stat") } != nil
    }

    private var pid: Int? {
        switch self.choice {
        case .pid(let pid): pid
        case .pidFile(let path):
            ProcFile.text(path).flatMap { text in
                text.split { $0.isWhitespace }.first.flatMap { Int($0) }
            }.flatMap { $0 > 0 ? $0 : nil }
        }
    }

    /// What the kernel tells of it; nil while there is no such process, which is no error.
    package func read() async -> [String: Double]? {
        guard let pid = self.pid, let text = ProcFile.text("/proc/\(pid)/stat"),
            let stat = ProcText.stat(text)
        else { return nil }
        let identity = Identity(pid: pid, startTicks: stat.startTicks)
        let restarts = self.history.withLock { history in
            if let last = history.last, last != identity { history.restarts += 1 }
            history.last = identity
            return history.restarts
        }
        let ticks = ProcFile.ticksPerSecond
        var values: [String: Double] = [
            "proc.pid": Double(pid), "proc.start_time": Double(stat.startTicks) / ticks,
            "proc.restarts": Double(restarts), "cpu.user": Double(stat.userTicks) / ticks,
            "cpu.sys": Double(stat.systemTicks) / ticks,
        ]
        if let status = ProcFile.text("/proc/\(pid)/status") {
            values.merge(ProcText.status(status)) { $1 }
        }
        if let count = ProcFile.entryCount("/proc/\(pid)/fd") {
            values["fds.open"] = Double(count)
        }
        if let limits = ProcFile.text("/proc/\(pid)/limits") {
            values["fds.limit"] = ProcText.openFilesLimit(limits)
        }
        if let port {
            // A process in a container has a network of its own, hence not /proc/net.
            let listeners = ["tcp", "tcp6"].flatMap { table in
                ProcFile.text("/proc/\(pid)/net/\(table)").map(ProcText.listeners) ?? []
            }.filter { $0.port == port }
            if !listeners.isEmpty {
                values["listen.recvq"] = Double(listeners.reduce(0) { $0 + $1.waiting })
            }
        }
        return values
    }
}
