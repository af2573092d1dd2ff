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
    let faults: FaultBoard
    let faultTools: FaultTools
    let truth: TruthFile
    /// Kills this process, to be started again after the span; nil where nobody would.
    let crash: (@Sendable (Nanoseconds) -> Void)?
    private let present: Mutex<Present>
    private let reviews: Mutex<ReviewQueue>
    private let operatorNow = Mutex((state: OperatorState.open, status: Int?.none))
    private let history = Mutex<[(at: WallTime, what: String, value: JSONValue)]>([])
    private let startedWall = WallTime.now()
    private let started: MonotonicTime

    /// How many changes by operator and settings the manifest remembers.
    static let historyLimit = 10_000

    /// The settings as they were given, and as they are while faults are on.
    private struct Present {
        var given: IntakeSettings
        var effective: IntakeSettings
    }

    init(
        settings: IntakeSettings, store: IntakeStore, spool: Spool, log: IntakeLog, seed: UInt64,
        clock: any TimeSource = SystemClock(), truth: TruthFile = TruthFile(),
        crash: (@Sendable (Nanoseconds) -> Void)? = nil
    ) {
        self.faults = FaultBoard(settings.faults, timeScale: settings.timeScale)
        self.faultTools = FaultTools(faults: settings.faults.count)
        self.truth = truth
        self.crash = crash
        self.workers = WorkerPool(
            workers: settings.workers, queue: settings.queue, order: settings.queueOrder,
            clock: clock)
        self.work = UnitOfWork(seed: seed)
        self.store = store
        self.spool = spool
        self.log = log
        self.clock = clock
        self.present = Mutex(Present(given: settings, effective: settings))
        self.reviews = Mutex(
            ReviewQueue(
                analysts: settings.review.analysts, perItem: settings.reviewSpan,
                order: settings.review.order))
        self.started = clock.now()
    }

    /// The settings of this moment, with what the faults make of them.
    var settings: IntakeSettings { self.present.withLock { $0.effective } }

    /// The settings as they were given.
    var givenSettings: IntakeSettings { self.present.withLock { $0.given } }

    /// What the operator decided.
    var operatorState: OperatorState { self.operatorNow.withLock { $0.state } }

    /// The status of the operator's page or of missing routes; nil for their own.
    var operatorStatus: Int? {
        get { self.operatorNow.withLock { $0.status } }
        set { self.operatorNow.withLock { $0.status = newValue } }
    }

    /// The operator decided; what a fault decides is no change of anybody's.
    func operate(_ state: OperatorState, isNoted: Bool) {
        self.operatorNow.withLock { $0.state = state }
        if isNoted { self.note("operator", .string(state.rawValue)) }
    }

    /// Takes new settings.
    func change(_ settings: IntakeSettings) {
        self.present.withLock { $0.given = settings }
        self.settingsMoved(restartsMeter: false)
        self.note("settings", self.shown(settings))
    }

    /// Faults or given settings changed: what is in force follows.
    ///
    /// What a fault changes is more than settings, so that one may restart the meter in any case.
    func settingsMoved(restartsMeter: Bool) {
        let active = self.faults.active
        let (before, settings) = self.present.withLock { present in
            let before = present.effective
            present.effective = present.given.under(active)
            return (before, present.effective)
        }
        let isSlower =
            before.serviceTime != settings.serviceTime || before.cpuCost != settings.cpuCost
            || before.serviceJitter != settings.serviceJitter
        self.workers.change(
            workers: settings.workers, queue: settings.queue, order: settings.queueOrder,
            restartsMeter: isSlower || restartsMeter)
        let now = self.clock.now()
        self.reviews.withLock {
            $0.changed(
                analysts: settings.review.analysts, perItem: settings.reviewSpan,
                order: settings.review.order, at: now)
        }
    }

    /// Whether nothing is in progress on the public port.
    var isQuiet: Bool {
        let load = self.workers.load
        return self.counters.snapshot.inProgress == 0 && load.depth == 0 && load.busy == 0
    }

    /// The settings as JSON, without the faults where their truth is kept in a file.
    func shown(_ settings: IntakeSettings) -> JSONValue {
        guard self.truth.isSealed,
            case .object(let members) = SettingsTable.json(settings)
        else { return SettingsTable.json(settings) }
        return .object(members.filter { $0.0 != "faults" })
    }

    /// What the server tells about itself; where the truth is kept in a file, not the faults.
    func manifest() -> JSONValue {
        guard self.truth.isSealed, case .object(let members) = self.wholeManifest() else {
            return self.wholeManifest()
        }
        // What follows from the settings shows the faults, too, and so do changes in answer to
        // them.
        let hidden = ["faults", "effective", "changes", "restarts"]
        return .object(
            members.filter { !hidden.contains($0.0) }.map { name, value in
                name == "settings" ? (name, self.shown(self.givenSettings)) : (name, value)
            })
    }

    /// Everything the server knows about itself.
    func wholeManifest() -> JSONValue {
        let changes = self.history.withLock { $0 }
        return .object([
            ("version", .string(SpateVersion.current)),
            ("started", .string(self.startedWall.iso8601)),
            ("settings", SettingsTable.json(self.givenSettings)),
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
                (self.workers.capacityMeasured ?? self.faults.lastCapacity)
                    .map(JSONValue.number) ?? .null
            ),
            ("faults", self.faults.truth),
            ("restarts", .integer(self.faults.restarts)),
            (
                "changes",
                .array(
                    changes.map {
                        .object([("at", .string($0.at.iso8601)), ($0.what, $0.value)])
                    })
            ),
        ])
    }

    /// Writes the truth where it is kept in a file.
    func writeTruth() {
        do {
            try self.truth.write(self.wholeManifest(), saved: self.faults.saved)
        } catch {
            self.log.line("truth: \(error)")
        }
    }

    /// Writes a line about a fault, unless nobody is to know of it.
    func note(_ fault: FaultSpec, _ what: String) {
        guard !self.truth.isSealed else { return }
        self.log.line("fault \(fault.id.rawValue): \(what)")
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
