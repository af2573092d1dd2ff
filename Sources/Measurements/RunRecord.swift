/// One second of the whole run, by population; several seconds where a journal grew too long.
package struct SecondRow: Sendable, Hashable {
    /// The second from the run's start; the first one of a wider row.
    package var second: Int
    /// How many seconds the row covers: 1, or up to 10 after the journal's size limit.
    package var width: Int
    /// By population index.
    package var populations: [PopulationSecond]

    /// The second after the row's last.
    package var end: Int { self.second + self.width }

    /// A second.
    package init(second: Int, populations: [PopulationSecond], width: Int = 1) {
        self.second = second
        self.populations = populations
        self.width = width
    }
}

/// Something that happened, at a moment of the run: `events.ndjson`.
package struct RunEvent: Sendable, Codable, Hashable {
    /// Wall seconds from the run's start.
    package var t: Double
    /// `trigger`, `symptom`, `mitigation`, `recovery`, `info`, `operator`, `stop`, `started`,
    /// `finished` or `problem`.
    package var kind: String
    /// One line.
    package var label: String
    /// What a person at the keyboard did; nil for all other events, and in older journals.
    package var action: Action?

    /// What a person did to a running run.
    package enum Action: String, Sendable, Codable, Hashable {
        /// Held arrivals.
        case hold
        /// Let them come again.
        case resume
        /// Set another rate.
        case rate
        /// Wrote a remark and changed nothing.
        case note
        /// Asked for the end.
        case stop
    }

    /// An event.
    package init(t: Double, kind: String, label: String) {
        self.t = t
        self.kind = kind
        self.label = label
    }
}

/// The server's own figures in one second, by metric name: `samples.ndjson`.
package struct ServerSample: Sendable, Codable, Hashable {
    /// The second from the run's start.
    package var second: Int
    /// Figures by name, such as `review_backlog` or `queue_depth`.
    package var values: [String: Double]

    /// A sample.
    package init(second: Int, values: [String: Double]) {
        self.second = second
        self.values = values
    }
}

/// What the clients believe against what the server stored, per class of traffic.
package struct Reconciliation: Sendable, Codable, Hashable {
    /// The four cells.
    package struct Cells: Sendable, Codable, Hashable {
        /// Accepted and stored.
        package var ackedStored = 0
        /// Accepted, and the store has nothing: data loss.
        package var ackedMissing = 0
        /// Not accepted, yet stored: a ghost.
        package var unackedStored = 0
        /// Neither.
        package var unackedMissing = 0
        /// No cell counted.
        package init() {}
    }
    /// Over all reconciled populations.
    package var total: Cells
    /// By class.
    package var classes: [String: Cells]
    /// Rows of the store that belong to no intent of this run.
    package var foreign: Int
    /// Numbers of the first missing intents, as `population/number`; at most 100.
    package var missing: [String]
    /// Waits of genuine tips for an analyst in seconds: p50 and p95, when known.
    package var genuineWaitP50: Double?
    /// The 95th percentile of the same.
    package var genuineWaitP95: Double?

    /// A reconciliation.
    package init(
        total: Cells, classes: [String: Cells], foreign: Int, missing: [String],
        genuineWaitP50: Double? = nil, genuineWaitP95: Double? = nil
    ) {
        self.total = total
        self.classes = classes
        self.foreign = foreign
        self.missing = missing
        self.genuineWaitP50 = genuineWaitP50
        self.genuineWaitP95 = genuineWaitP95
    }
}

/// Which rule ended a run, and on what it rested then.
package struct ThresholdAbort: Sendable, Codable, Hashable {
    /// Its place among the run's rules, from 0.
    package var rule: Int
    /// Wall seconds from the run's start.
    package var at: Double
    /// The metric's number then; nil where it lay beyond the slowest answer.
    package var value: Double?

    /// The end of a run by a rule.
    package init(rule: Int, at: Double, value: Double?) {
        self.rule = rule
        self.at = at
        self.value = value
    }
}

/// How the run came to its end.
package struct RunClosing: Sendable, Codable, Hashable {
    /// `finished`, `signal`, `time-limit`, `threshold`, `journal-full`, `target-down` or `failed`.
    package var stopped: String
    /// Wall seconds from the start to the end of the drain.
    package var duration: Double
    /// The capacity the intake measured itself, per second, when it did.
    package var capacityMeasured: Double?
    /// One line for people, when there is more to say.
    package var detail: String?
    /// How well the server's side could be read; nil when it was not.
    package var probes: [ProbeTally]?
    /// The rule that ended the run (`abortOnFail`); nil when none did.
    package var threshold: ThresholdAbort?
    /// What became of the seconds sent to collectors; nil when nobody asked for it.
    package var telemetry: [ExportTally]?

    /// A closing.
    package init(
        stopped: String, duration: Double, capacityMeasured: Double? = nil, detail: String? = nil
    ) {
        self.stopped = stopped
        self.duration = duration
        self.capacityMeasured = capacityMeasured
        self.detail = detail
    }
}

/// Everything observed in a run, as read back from its directory.
package struct RunRecord: Sendable {
    /// What ran.
    package var manifest: RunManifest
    /// Every second, in order: each row begins where the one before ended.
    package var seconds: [SecondRow]
    /// What happened.
    package var events: [RunEvent]
    /// The generator's health.
    package var generator: [GeneratorSample]
    /// The server's own figures.
    package var server: [ServerSample]
    /// Attempts listed one by one, by their end, each with its weight; empty when nobody asked.
    ///
    /// At most 200,000 (`JournalReader.attemptLimit`), without their idempotency keys.
    package var attempts: [AttemptLine] = []
    /// How late the bare reference thread woke, over the whole run, in microseconds.
    package var reference = SparseHistogram()
    /// What became of each person, summed up; nil where the list of ends is missing or damaged.
    package var people: PeopleTally?
    /// The reconciliation with the store; nil when it could not be had.
    package var reconciliation: Reconciliation?
    /// How the run ended; nil when the journal was cut off.
    package var closing: RunClosing?
    /// What could not be read, one line each; empty for an intact journal.
    package var damage: [String]

    /// A record.
    package init(
        manifest: RunManifest, seconds: [SecondRow], events: [RunEvent] = [],
        generator: [GeneratorSample] = [], server: [ServerSample] = [],
        reconciliation: Reconciliation? = nil,
        closing: RunClosing? = nil, damage: [String] = []
    ) {
        self.manifest = manifest
        self.seconds = seconds
        self.events = events
        self.generator = generator
        self.server = server
        self.reconciliation = reconciliation
        self.closing = closing
        self.damage = damage
    }
}
