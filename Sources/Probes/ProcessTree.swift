/// Who started whom; pure, so that a second costs only what is new.
struct ProcessTree {
    private var parents: [Int: Int] = [:]

    /// Takes the numbers that exist now; `parent` is asked for those not seen before.
    mutating func update(_ processes: [Int], parent: (Int) -> Int?) {
        let alive = Set(processes)
        // A parent that ended gives its children away; they stay where they were.
        self.parents = self.parents.filter { alive.contains($0.key) }
        for process in processes where self.parents[process] == nil {
            self.parents[process] = parent(process)
        }
    }

    /// A process and all it started, itself first, without the branch of `excluded`.
    func members(of root: Int, excluding excluded: Int) -> [Int] {
        var children: [Int: [Int]] = [:]
        for (process, parent) in self.parents { children[parent, default: []].append(process) }
        var members = [root]
        var next = 0
        while next < members.count {
            let found = children[members[next]] ?? []
            members += found.filter { $0 != excluded && $0 != root }.sorted()
            next += 1
        }
        return members
    }
}

/// A process is the same one only with the same start: numbers are used again.
struct ProcessIdentity: Hashable {
    var pid: Int
    var startTicks: Int64
}

/// Counts processes that took another's place: a server started anew, a worker replaced.
struct RestartCount {
    private var main: ProcessIdentity?
    private var workers: Set<ProcessIdentity> = []
    private var vacancies = 0
    /// How often that was.
    private(set) var count = 0

    /// Takes who serves now: the process itself, and those of its children that listen, too.
    mutating func update(main: ProcessIdentity, workers: Set<ProcessIdentity>) {
        defer {
            self.main = main
            self.workers = workers
        }
        guard let last = self.main else { return }
        guard last == main else {
            self.count += 1
            self.vacancies = 0
            return
        }
        self.vacancies += self.workers.subtracting(workers).count
        let filled = min(self.vacancies, workers.subtracting(self.workers).count)
        self.vacancies -= filled
        self.count += filled
    }
}
