extension Report {
    /// Sums over the run; the six endings add up to the intents, the three to the attempts.
    package struct Totals: Codable, Sendable {
        /// Intents that arrived.
        package var intents = 0
        /// Every step good.
        package var accepted = 0
        /// A final answer said no.
        package var rejected = 0
        /// Patience ran out.
        package var gaveUp = 0
        /// Tries used up.
        package var failed = 0
        /// Never started.
        package var dropped = 0
        /// The run ended first.
        package var unfinished = 0
        /// Steps begun.
        package var steps = 0
        /// Attempts started.
        package var attempts = 0
        /// A whole response arrived.
        package var attemptsCompleted = 0
        /// It did not.
        package var attemptsFailed = 0
        /// Cut by the end of the run.
        package var attemptsUnfinished = 0
        /// Body bytes sent.
        package var bytesUp: Int64 = 0
        /// Bytes received.
        package var bytesDown: Int64 = 0
        /// No sum.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case intents, accepted, rejected, failed, dropped, unfinished, steps, attempts
            case gaveUp = "gave_up"
            case attemptsCompleted = "attempts_completed"
            case attemptsFailed = "attempts_failed"
            case attemptsUnfinished = "attempts_unfinished"
            case bytesUp = "bytes_up"
            case bytesDown = "bytes_down"
        }
    }

    /// Percentiles in milliseconds; nil where the rank falls among attempts not answered well.
    package struct Percentiles: Codable, Sendable {
        /// The median.
        @Nullable package var p50: Double?
        /// The 90th percentile.
        @Nullable package var p90: Double?
        /// The 99th percentile.
        @Nullable package var p99: Double?
        /// The 99.9th percentile.
        @Nullable package var p999: Double?
        /// The longest time among those that have a value.
        @Nullable package var max: Double?
        /// The longest time seen at all, where `p99` is nil although there are samples.
        @Nullable package var p99AtLeast: Double?
        /// No percentile.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case p50, p90, p99, p999, max
            case p99AtLeast = "p99_at_least"
        }
    }

    /// One class of traffic.
    package struct ClassFigures: Codable, Sendable {
        /// Intents that arrived.
        package var intents = 0
        /// Every step good.
        package var accepted = 0
        /// A final answer said no.
        package var rejected = 0
        /// Patience ran out.
        package var gaveUp = 0
        /// Tries used up.
        package var failed = 0
        /// Never started.
        package var dropped = 0
        /// The run ended first.
        package var unfinished = 0
        /// Response times over all attempts that ended; those not good rank slowest.
        package var responseMs = Percentiles()
        /// Response times over completed attempts.
        package var answeredMs = Percentiles()
        /// Service times over completed attempts.
        package var serviceMs = Percentiles()
        /// Attempts per step begun.
        @Nullable package var amplification: Double?
        /// No intent.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case intents, accepted, rejected, failed, dropped, unfinished, amplification
            case gaveUp = "gave_up"
            case responseMs = "response_ms"
            case answeredMs = "answered_ms"
            case serviceMs = "service_ms"
        }
    }

    /// How punctual the generator itself was, over the whole run.
    package struct GeneratorFigures: Codable, Sendable {
        /// Delays of attempts' starts behind the schedule; every attempt counts.
        package var scheduleDelayMs = Percentiles()
        /// Lateness of a bare thread with a timer on the same machine at the same time.
        package var referenceMs = Percentiles()
        /// Populations whose clients wait for an answer before they send again.
        package var closedLoop: [String] = []
        /// Nothing known.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case scheduleDelayMs = "schedule_delay_ms"
            case referenceMs = "reference_ms"
            case closedLoop = "closed_loop"
        }
    }

    /// One phase of load.
    package struct Phase: Codable, Sendable {
        /// Its name.
        package var name: String
        /// Start and end in wall seconds.
        package var t: [Double]
        /// Start and end in story seconds.
        package var story: [Double]
        /// `load`, `relief` or `maintenance`.
        package var kind: String
        /// Figures by class.
        package var classes: [String: ClassFigures]
        /// Response times of all classes' attempts that ended in it; nil in older reports.
        package var distribution: Distribution?
        /// A phase.
        package init(
            name: String, t: [Double], story: [Double], kind: String,
            classes: [String: ClassFigures]
        ) {
            self.name = name
            self.t = t
            self.story = story
            self.kind = kind
            self.classes = classes
        }
    }

    /// Something planned or observed at a moment.
    package struct TimelineEntry: Codable, Sendable {
        /// Wall seconds from the start.
        package var t: Double
        /// Story seconds from the start.
        package var story: Double
        /// `trigger`, `symptom`, `mitigation`, `recovery`, `info`, `operator` or `stop`.
        package var kind: String
        /// One line.
        package var label: String
        /// Where it is from: `planned` in the scenario's timeline, `observed`, `found`.
        ///
        /// Observed is what happened besides the plan, found what a detector located. Nil in older
        /// reports.
        package var source: String?
        /// An entry.
        package init(
            t: Double, story: Double, kind: String, label: String, source: String? = nil
        ) {
            self.t = t
            self.story = story
            self.kind = kind
            self.label = label
            self.source = source
        }
    }

    /// The story's human queue.
    package struct Review: Codable, Sendable {
        /// How long genuine items waited, in seconds.
        package struct Wait: Codable, Sendable {
            /// The median.
            @Nullable package var p50: Double?
            /// The 95th percentile.
            @Nullable package var p95: Double?
            /// Not known.
            package init() {}
        }
        /// Items accepted per second.
        @Nullable package var acceptedPerSecond: Double?
        /// Items reviewed per second.
        @Nullable package var reviewedPerSecond: Double?
        /// Items waiting at the end.
        @Nullable package var backlog: Double?
        /// The oldest waiting item's age in seconds.
        @Nullable package var oldestAge: Double?
        /// Items the queue grows by per second; negative while it shrinks.
        @Nullable package var slope: Double?
        /// Seconds until the newest item's turn, first come first served.
        @Nullable package var newestWaits: Double?
        /// Seconds until nothing waits, at the baseline's inflow; null where it never ends.
        @Nullable package var clearsIn: Double?
        /// How long genuine items waited.
        package var genuineWait = Wait()
        /// Not known.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case backlog
            case acceptedPerSecond = "accepted_per_s"
            case reviewedPerSecond = "reviewed_per_s"
            case oldestAge = "oldest_age"
            case slope = "slope_per_s"
            case newestWaits = "newest_waits"
            case clearsIn = "clears_in"
            case genuineWait = "genuine_wait"
        }
    }

    /// One row of the run over time: a second, or several merged.
    package struct SeriesRow: Codable, Sendable {
        /// One class in the row.
        package struct ClassRow: Codable, Sendable {
            /// Intents planned to arrive.
            package var offered = 0
            /// Attempts that ended.
            package var done = 0
            /// Of which good.
            package var good = 0
            /// Intents that arrived in the row.
            package var arrived = 0
            /// Of which were accepted, whenever that was.
            package var arrivedAccepted = 0
            /// Nothing.
            package init() {}

            enum CodingKeys: String, CodingKey {
                case offered, done, good, arrived
                case arrivedAccepted = "arrived_accepted"
            }
        }
        /// The human queue at that moment.
        package struct ReviewRow: Codable, Sendable {
            /// Items waiting.
            @Nullable package var backlog: Double?
            /// The oldest one's age in seconds.
            @Nullable package var oldestAge: Double?
            /// The queue at that moment.
            package init(backlog: Double?, oldestAge: Double?) {
                self._backlog = Nullable(wrappedValue: backlog)
                self._oldestAge = Nullable(wrappedValue: oldestAge)
            }

            enum CodingKeys: String, CodingKey {
                case backlog
                case oldestAge = "oldest_age"
            }
        }
        /// The generator's own health.
        package struct Generator: Codable, Sendable {
            /// Cores used: 1 is one whole core.
            @Nullable package var cpu: Double?
            /// p99 of the delay of starts behind the schedule, in milliseconds.
            @Nullable package var lagP99Ms: Double?
            /// p99 of the lateness of a bare thread's timer, in milliseconds.
            @Nullable package var referenceP99Ms: Double?
            /// The share of the time the busiest lane was at work, from 0 to 1.
            @Nullable package var laneBusy: Double?
            /// Cores used by the whole machine.
            @Nullable package var machine: Double?
            /// Open descriptors.
            @Nullable package var descriptors: Int?
            /// TCP sockets in TIME_WAIT.
            @Nullable package var timeWait: Int?
            /// Resident memory in bytes.
            @Nullable package var memory: Int64?
            /// Seconds that waited for the journal's disk.
            @Nullable package var journalBacklog: Int?
            /// The generator at that moment.
            package init(cpu: Double?, lagP99Ms: Double?) {
                self._cpu = Nullable(wrappedValue: cpu)
                self._lagP99Ms = Nullable(wrappedValue: lagP99Ms)
                self._referenceP99Ms = Nullable(wrappedValue: nil)
                self._laneBusy = Nullable(wrappedValue: nil)
                self._machine = Nullable(wrappedValue: nil)
                self._descriptors = Nullable(wrappedValue: nil)
                self._timeWait = Nullable(wrappedValue: nil)
                self._memory = Nullable(wrappedValue: nil)
                self._journalBacklog = Nullable(wrappedValue: nil)
            }

            enum CodingKeys: String, CodingKey {
                case cpu
                case lagP99Ms = "lag_p99_ms"
                case referenceP99Ms = "reference_p99_ms"
                case laneBusy = "lane_busy"
                case machine, descriptors, memory
                case timeWait = "time_wait"
                case journalBacklog = "journal_backlog"
            }
        }
        /// The row's first second.
        package var t: Double
        /// The same in story seconds.
        package var story: Double
        /// Intents planned to arrive.
        package var offered = 0
        /// Attempts started.
        package var attempts = 0
        /// Attempts that ended.
        package var done = 0
        /// Of which good.
        package var good = 0
        /// Intents dropped.
        package var dropped = 0
        /// Intents between arrival and end at the row's end.
        package var inFlight = 0
        /// Median response time in milliseconds.
        @Nullable package var p50: Double?
        /// The 99th percentile in milliseconds.
        @Nullable package var p99: Double?
        /// The 90th percentile in milliseconds.
        @Nullable package var p90: Double?
        /// The 99.9th percentile in milliseconds.
        @Nullable package var p999: Double?
        /// The longest response time of a good attempt.
        @Nullable package var max: Double?
        /// Service times over completed attempts; nil in reports of an older Spate.
        package var serviceMs: Percentiles?
        /// Attempts started that were retries; nil in reports of an older Spate.
        package var retries: Int?
        /// Attempts that ended, by outcome.
        package var outcomes: [String: Int] = [:]
        /// By class.
        package var classes: [String: ClassRow] = [:]
        /// The human queue; nil when not sampled.
        @Nullable package var review: ReviewRow?
        /// The generator's health.
        package var generator = Generator(cpu: nil, lagP99Ms: nil)
        /// A row in which nothing has happened.
        package init(t: Double, story: Double) {
            self.t = t
            self.story = story
        }

        enum CodingKeys: String, CodingKey {
            case t, story, offered, attempts, done, good, dropped, p50, p99, outcomes, classes
            case review, generator, p90, p999, max, retries
            case inFlight = "in_flight"
            case serviceMs = "service_ms"
        }
    }
}
