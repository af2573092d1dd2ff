/// What was handed to the journal and is not written yet; pure.
///
/// While the disk keeps up there is an entry or two. When it does not, memory stays bounded:
/// above thirty seconds the waiting seconds are merged into rows of up to ten, without their
/// samples of attempts, and above a number of bytes the backlog counts as overflown.
struct JournalBacklog: Sendable {
    /// One thing to be written.
    enum Entry: Sendable {
        case second(SecondMerger.Merged)
        case event(RunEvent)
        case generator(GeneratorSample)
        case server(ServerSample)
        case reconciliation(Reconciliation)
        case manifest(RunManifest)
    }
    /// Single seconds that may wait before they are merged.
    static let secondLimit = 30
    /// The seconds a merged row covers at most, and where it begins: at a multiple of it.
    static let rowWidth = 10

    private let byteLimit: Int
    private let attemptLimit: Int
    private var entries: [Entry] = []
    /// A rough count of the memory used.
    private(set) var bytes = 0
    /// Rows of one second among the entries.
    private var singles = 0
    /// Attempts that wait to be listed.
    private var attempts = 0
    /// True from the first merging until all is written.
    private var isCoarse = false

    /// Nothing waits yet; at most so many attempts may wait to be listed.
    init(byteLimit: Int, attemptLimit: Int) {
        self.byteLimit = byteLimit
        self.attemptLimit = attemptLimit
    }

    /// True when nothing waits.
    var isEmpty: Bool { self.entries.isEmpty }

    /// Seconds of the run that wait.
    var seconds: Int {
        self.entries.reduce(0) { sum, entry in
            if case .second(let merged) = entry { sum + merged.row.width } else { sum }
        }
    }

    /// True when more waits than memory is to be spent on.
    var isOverflown: Bool { self.bytes > self.byteLimit }

    /// Adds an entry behind all others.
    mutating func append(_ entry: Entry) {
        guard case .second(var merged) = entry else {
            self.add(entry)
            return
        }
        let count = merged.attempts.count
        let isBehind = count > 0 && self.attempts + count > self.attemptLimit
        if isBehind { merged.attempts = [] }
        self.attempts += merged.attempts.count
        self.add(.second(merged))
        if isBehind {
            self.add(
                .event(
                    RunEvent(
                        t: Double(merged.row.end), kind: "problem",
                        label: "the disk is slower than the load: \(count) attempts of second "
                            + "\(merged.row.second) are counted, not listed")))
        }
        guard merged.row.width == 1 else { return }
        self.singles += 1
        if self.singles > JournalBacklog.secondLimit { self.coarsen(at: merged.row.second) }
    }

    private mutating func add(_ entry: Entry) {
        self.entries.append(entry)
        self.bytes += JournalBacklog.size(entry)
    }

    /// Takes out the oldest entry.
    mutating func popFirst() -> Entry? {
        guard let first = self.entries.first else { return nil }
        self.entries.removeFirst()
        self.bytes -= JournalBacklog.size(first)
        if case .second(let merged) = first {
            self.attempts -= merged.attempts.count
            if merged.row.width == 1 { self.singles -= 1 }
        }
        if self.entries.isEmpty { self.isCoarse = false }
        return first
    }

    /// Forgets the seconds that wait, after a failure.
    mutating func discardSeconds() {
        self.entries.removeAll { entry in
            if case .second = entry { true } else { false }
        }
        self.singles = 0
        self.attempts = 0
        self.bytes = self.entries.reduce(0) { $0 + JournalBacklog.size($1) }
    }

    /// Merges the waiting seconds of each ten into one row.
    private mutating func coarsen(at second: Int) {
        var kept: [Entry] = []
        var last: Int?
        for entry in self.entries {
            guard case .second(let merged) = entry else {
                kept.append(entry)
                continue
            }
            if let place = last, case .second(let before) = kept[place],
                before.row.second / JournalBacklog.rowWidth
                    == merged.row.second / JournalBacklog.rowWidth
            {
                kept[place] = .second(before.joined(with: merged))
                continue
            }
            last = kept.count
            kept.append(entry)
        }
        if !self.isCoarse {
            self.isCoarse = true
            kept.append(
                .event(
                    RunEvent(
                        t: Double(second), kind: "problem",
                        label: "the disk of the journal is too slow: until it has caught up, rows"
                            + " cover up to \(JournalBacklog.rowWidth) s and samples of attempts"
                            + " are left out; the load was not delayed")))
        }
        self.entries = kept
        self.singles = kept.count { entry in
            if case .second(let merged) = entry { merged.row.width == 1 } else { false }
        }
        self.attempts = kept.reduce(0) { sum, entry in
            if case .second(let merged) = entry { sum + merged.attempts.count } else { sum }
        }
        self.bytes = kept.reduce(0) { $0 + JournalBacklog.size($1) }
    }

    /// Bytes, roughly: a row's histograms have some hundred buckets each.
    private static func size(_ entry: Entry) -> Int {
        switch entry {
        case .second(let merged):
            merged.row.populations.count * 16_384 + merged.attempts.count * 256
                + merged.intentEnds.count * 40
        case .event(let event): 64 + event.label.utf8.count
        case .generator: 512
        case .server(let sample): 64 + sample.values.count * 48
        case .reconciliation, .manifest: 4_096
        }
    }
}

extension SecondMerger.Merged {
    /// This row and the one that follows it as one, without samples of attempts.
    fileprivate func joined(with next: SecondMerger.Merged) -> SecondMerger.Merged {
        var joined = self
        for index in joined.row.populations.indices {
            joined.row.populations[index].append(next.row.populations[index])
        }
        joined.row.width += next.row.width
        joined.attempts = []
        joined.intentEnds += next.intentEnds
        return joined
    }
}
