import Synchronization

/// Reads one process with all it started, and notices when another one takes its place.
///
/// A server is often several processes: one that owns the port, and workers. Processor time,
/// memory and threads are sums; descriptors are those of the process nearest to its limit.
package final class ProcessProbe: ProbeSource {
    /// Which process.
    package enum Choice: Sendable, Hashable {
        /// That one; no other takes its place.
        case pid(Int)
        /// The one whose number the file holds, read anew each time.
        case pidFile(String)
        /// The one that listens at the port.
        case owner(port: Int)
    }
    private struct State {
        var owner: PortOwner?
        var tree = ProcessTree()
        var restarts = RestartCount()
        var groups: [ProcessIdentity: String] = [:]
        /// Which process holds a listening socket, and how often that was looked up.
        var listens: [ProcessIdentity: (isListening: Bool, looks: Int)] = [:]
    }

    /// Its name in reports.
    package let name: String
    private let choice: Choice
    private let port: Int?
    private let files: ProcFiles
    private let state: Mutex<State>

    /// A probe of a process, and of the queue of the port that it listens at, if given.
    package init(
        name: String, choice: Choice, port: Int? = nil, files: ProcFiles = ProcFiles()
    ) {
        self.name = name
        self.choice = choice
        self.files = files
        var state = State()
        if case .owner(let port) = choice { state.owner = PortOwner(port: port) }
        self.port = port ?? choice.port
        self.state = Mutex(state)
    }

    /// All it may tell.
    package let figures: Set<String> = [
        "proc.pid", "proc.start_time", "proc.restarts", "cpu.user", "cpu.sys", "cpu.throttled",
        "cpu.cores", "mem.rss", "threads", "fds.open", "fds.limit", "listen.recvq", "listen.sendq",
    ]

    /// Why it cannot be read now; nil when it can.
    ///
    /// Asked before a run, to tell a wrong number.
    package var objection: String? {
        self.state.withLock { state in
            switch self.main(&state) {
            case .found: nil
            case .missing(let reason): reason
            }
        }
    }

    /// What the kernel tells of it; without such a process that is the problem, and no error.
    package func read() async -> ProbeReading {
        self.state.withLock { state in
            switch self.main(&state) {
            case .found(let main): self.read(main, &state)
            case .missing(let reason): ProbeReading(problem: reason)
            }
        }
    }

    // MARK: - Which process

    private enum Main {
        case found(ProcText.Stat)
        case missing(String)
    }

    private func main(_ state: inout State) -> Main {
        let pid: Int
        switch self.choice {
        case .pid(let number): pid = number
        case .pidFile(let path):
            guard let text = ProcFiles.text(at: path) else {
                return .missing("\(path) cannot be read")
            }
            guard
                let number = text.split(whereSeparator: \.isWhitespace).first.flatMap({ Int($0) }),
                number > 0
            else { return .missing("\(path) holds no process number") }
            pid = number
        case .owner:
            guard let found = state.owner?.find(self.files) else {
                return .missing(state.owner?.absence ?? "")
            }
            pid = found
        }
        guard let stat = self.stat(pid), stat.isAlive else {
            return .missing("there is no process \(pid)")
        }
        return .found(stat)
    }

    private func stat(_ pid: Int) -> ProcText.Stat? {
        self.files.text("\(pid)/stat").flatMap(ProcText.stat)
    }

    // MARK: - Its figures

    private func read(_ main: ProcText.Stat, _ state: inout State) -> ProbeReading {
        state.tree.update(self.files.processes()) { self.stat($0)?.parent }
        let members =
            [main]
            + state.tree.members(of: main.pid, excluding: Machine.ownProcess).dropFirst()
            .compactMap(self.stat)
        let listeners = self.listeners(of: main.pid)
        let identity = ProcessIdentity(pid: main.pid, startTicks: main.startTicks)
        state.restarts.update(
            main: identity, workers: self.workers(members.dropFirst(), listeners, &state))
        var values: [String: Double] = [
            "proc.pid": Double(main.pid),
            "proc.start_time": Double(main.startTicks) / Machine.ticksPerSecond,
            "proc.restarts": Double(state.restarts.count),
        ]
        // What children used is added to their parent's when they end, so that no sum falls.
        let user = members.reduce(0) { $0 + $1.userTicks + $1.childUserTicks }
        let system = members.reduce(0) { $0 + $1.systemTicks + $1.childSystemTicks }
        values["cpu.user"] = Double(user) / Machine.ticksPerSecond
        values["cpu.sys"] = Double(system) / Machine.ticksPerSecond
        self.addStatus(of: members, to: &values)
        let hidden = self.addDescriptors(of: members, to: &values)
        self.addGroup(identity, &state, to: &values)
        // The fullest: one that is full loses connections, however empty others are.
        if let queue = listeners.max(by: { $0.fullness < $1.fullness }) {
            values["listen.recvq"] = Double(queue.waiting)
            values["listen.sendq"] = queue.room.map(Double.init)
        }
        let problem =
            hidden
            ? "the descriptors of process \(main.pid) are another user's: run as that user" : nil
        return ProbeReading(values, problem: problem, clock: .sameHost)
    }

    private func addStatus(of members: [ProcText.Stat], to values: inout [String: Double]) {
        for member in members where member.isAlive {
            guard let text = self.files.text("\(member.pid)/status") else { continue }
            for (name, value) in ProcText.status(text) {
                if name != "cpu.cores" {
                    values[name, default: 0] += value
                } else if values[name] == nil {
                    values[name] = value
                }
            }
        }
    }

    /// The descriptors of whoever is nearest to its limit; true when the main process hides its.
    private func addDescriptors(
        of members: [ProcText.Stat], to values: inout [String: Double]
    ) -> Bool {
        var most = -1.0
        var isHidden = false
        for member in members where member.isAlive {
            guard let count = self.files.entryCount("\(member.pid)/fd") else {
                isHidden = isHidden || member.pid == members.first?.pid
                continue
            }
            let limit = self.files.text("\(member.pid)/limits").flatMap(ProcText.openFilesLimit)
            let share = Double(count) / (limit ?? .infinity)
            guard share > most else { continue }
            most = share
            values["fds.open"] = Double(count)
            values["fds.limit"] = limit
        }
        return isHidden
    }

    /// What its control group grants it, and how long it was held back by that.
    private func addGroup(
        _ main: ProcessIdentity, _ state: inout State, to values: inout [String: Double]
    ) {
        if state.groups[main] == nil {
            let path = self.files.text("\(main.pid)/cgroup").flatMap(ProcText.controlGroup) ?? ""
            state.groups = [main: path]
        }
        guard let path = state.groups[main], !path.isEmpty else { return }
        if let quota = self.files.groupText(path + "/cpu.max").flatMap(ProcText.quota) {
            values["cpu.cores"] = min(quota, values["cpu.cores"] ?? quota)
        }
        guard let text = self.files.groupText(path + "/cpu.stat") else { return }
        let micros = ProcText.named(text, ["throttled_usec": "throttled"])["throttled"]
        values["cpu.throttled"] = micros.map { $0 / 1e6 }
    }

    // MARK: - Its sockets

    private func listeners(of pid: Int) -> [ProcText.Listener] {
        guard let port else { return [] }
        // A process in a container has a network of its own, which netlink does not show.
        let own = self.files.link("self/ns/net")
        if own != nil, self.files.link("\(pid)/ns/net") == own {
            let found = SocketDiagnosis.listeners(port: port)
            if !found.isEmpty { return found }
        }
        return self.files.listeners(of: "\(pid)").filter { $0.port == port }
    }

    /// The children that listen as well: a socket is looked for in each a few times, since one
    /// that has just been started may not hold it yet.
    private func workers(
        _ children: ArraySlice<ProcText.Stat>, _ listeners: [ProcText.Listener],
        _ state: inout State
    ) -> Set<ProcessIdentity> {
        let sockets = Set(listeners.map(\.inode))
        guard !sockets.isEmpty else { return [] }
        var known: [ProcessIdentity: (isListening: Bool, looks: Int)] = [:]
        for child in children where child.isAlive {
            let identity = ProcessIdentity(pid: child.pid, startTicks: child.startTicks)
            var entry = state.listens[identity] ?? (false, 0)
            if !entry.isListening, entry.looks < 5 {
                entry.looks += 1
                entry.isListening =
                    self.files.sockets(of: child.pid).map { !$0.isDisjoint(with: sockets) } ?? false
            }
            known[identity] = entry
        }
        state.listens = known
        return Set(known.filter(\.value.isListening).keys)
    }
}

extension ProcessProbe.Choice {
    /// The port that it is known by.
    fileprivate var port: Int? {
        if case .owner(let port) = self { return port }
        return nil
    }
}
