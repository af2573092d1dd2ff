import Primitives
import Synchronization

/// Everything the two ports share.
final class Services: Sendable {
    let workers: WorkerPool
    let work: UnitOfWork
    let store: IntakeStore
    let spool: Spool
    let partials = PartialUploads()
    let limiter = Limiter()
    let counters = Counters()
    let presence = ClientPresence()
    let log: IntakeLog
    let clock: any TimeSource
    private let present: Mutex<IntakeSettings>
    private let reviews: Mutex<ReviewQueue>
    private let operatorNow = Mutex(OperatorState.open)
    private let history = Mutex<[(at: WallTime, what: String, value: JSONValue)]>([])
    private let startedWall = WallTime.now()
    private let started: MonotonicTime

    /// How many changes by operator and settings the manifest remembers.
    static let historyLimit = 10_000

    init(
        settings: IntakeSettings, store: IntakeStore, spool: Spool, log: IntakeLog, seed: UInt64,
        clock: any TimeSource = SystemClock()
    ) {
        self.workers = WorkerPool(
            workers: settings.workers, queue: settings.queue, order: settings.queueOrder,
            clock: clock)
        self.work = UnitOfWork(seed: seed)
        self.store = store
        self.spool = spool
        self.log = log
        self.clock = clock
        self.present = Mutex(settings)
        self.reviews = Mutex(
            ReviewQueue(
                analysts: settings.review.analysts, perItem: settings.reviewSpan,
                order: settings.review.order))
        self.started = clock.now()
    }

    /// The settings of this moment.
    var settings: IntakeSettings { self.present.withLock { $0 } }

    /// What the operator decided.
    var operatorState: OperatorState {
        get { self.operatorNow.withLock { $0 } }
        set {
            self.operatorNow.withLock { $0 = newValue }
            self.note("operator", .string(newValue.rawValue))
        }
    }

    /// Takes new settings.
    func change(_ settings: IntakeSettings) {
        let before = self.settings
        self.present.withLock { $0 = settings }
        let isSlower =
            before.serviceTime != settings.serviceTime || before.cpuCost != settings.cpuCost
            || before.serviceJitter != settings.serviceJitter
        self.workers.change(
            workers: settings.workers, queue: settings.queue, order: settings.queueOrder,
            restartsMeter: isSlower)
        let now = self.clock.now()
        self.reviews.withLock {
            $0.changed(
                analysts: settings.review.analysts, perItem: settings.reviewSpan,
                order: settings.review.order, at: now)
        }
        self.note("settings", SettingsTable.json(settings))
    }

    /// Whether nothing is in progress on the public port.
    var isQuiet: Bool {
        let load = self.workers.load
        return self.counters.snapshot.inProgress == 0 && load.depth == 0 && load.busy == 0
    }

    /// What the server knows about itself.
    func manifest() -> JSONValue {
        let changes = self.history.withLock { $0 }
        return .object([
            ("version", .string(SpateVersion.current)),
            ("started", .string(self.startedWall.iso8601)),
            ("settings", SettingsTable.json(self.settings)),
            (
                "effective",
                .object([
                    ("spoolBytes", .integer(self.settings.spoolLimit)),
                    ("reviewPerItemSeconds", .number(self.settings.reviewSpan.seconds)),
                    (
                        "limiterPerSecond",
                        self.settings.limiterRate.map(JSONValue.number) ?? .null
                    ),
                ])
            ),
            (
                "capacity_measured",
                self.workers.capacityMeasured.map(JSONValue.number) ?? .null
            ),
            ("faults", .array([])),
            (
                "changes",
                .array(
                    changes.map {
                        .object([("at", .string($0.at.iso8601)), ($0.what, $0.value)])
                    })
            ),
        ])
    }

    private func note(_ what: String, _ value: JSONValue) {
        self.log.line("\(what): \(value.text)")
        self.history.withLock { history in
            if history.count < Services.historyLimit {
                history.append((WallTime.now(), what, value))
            }
        }
    }
}

// MARK: - The people who read the tips
extension Services {
    /// A tip became complete.
    func accepted(key: String, priority: Double) {
        self.counters.count { $0.accepted += 1 }
        let now = self.clock.now()
        self.reviews.withLock { $0.accepted(key: key, priority: priority, at: now) }
    }

    /// The backlog, the tips reviewed, and how long the oldest has waited.
    func reviewStatus() -> (backlog: Int, reviewed: Int, oldestAge: Nanoseconds?) {
        let now = self.clock.now()
        return self.reviews.withLock { queue in
            queue.advance(to: now)
            return (queue.backlog, queue.reviewedCount, queue.oldestAge(at: now))
        }
    }

    /// Who waited how long, as lines of JSON in chunks; seconds since 1970.
    func reviewLines() -> [String] {
        let now = self.clock.now()
        let records = self.reviews.withLock { queue in
            queue.advance(to: now)
            return queue.records
        }
        return stride(from: 0, to: records.count, by: 1_000).map { start in
            records[start..<min(start + 1_000, records.count)].map { record in
                JSONValue.object([
                    ("key", .string(record.key)),
                    ("enqueued_at", .number(self.unixSeconds(record.enqueued))),
                    (
                        "reviewed_at",
                        record.reviewed.map { .number(self.unixSeconds($0)) } ?? .null
                    ),
                ]).text + "\n"
            }.joined()
        }
    }

    private func unixSeconds(_ time: MonotonicTime) -> Double {
        let offset = (time - self.started).seconds
        return ((Double(self.startedWall.milliseconds) / 1_000 + offset) * 1e6).rounded() / 1e6
    }
}
