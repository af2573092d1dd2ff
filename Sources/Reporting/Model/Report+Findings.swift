extension Report {
    /// Where the trouble began.
    package struct Onset: Codable, Sendable {
        /// Seconds from the run's start.
        package var t: Double
        /// A 95 % interval of the same.
        package var ci: [Double]
        /// Attempts per second asked for at that moment.
        @Nullable package var load: Double?
        /// Evidence ids of the first signals.
        package var firstSignals: [String]
        /// Signals whose intervals overlap the first.
        package var tied: [String]
        /// An onset.
        package init(
            t: Double, ci: [Double], load: Double?, firstSignals: [String], tied: [String]
        ) {
            self.t = t
            self.ci = ci
            self._load = Nullable(wrappedValue: load)
            self.firstSignals = firstSignals
            self.tied = tied
        }

        enum CodingKeys: String, CodingKey {
            case t, ci, load, tied
            case firstSignals = "first_signals"
        }
    }

    /// The capacity and what follows from it.
    package struct Knee: Codable, Sendable {
        /// Good answers per second at most.
        @Nullable package var capacity: Double?
        /// A 95 % interval of the same.
        @Nullable package var ci: [Double]?
        /// Whether the load went beyond it.
        package var reached = false
        /// The highest rate that kept the objective.
        @Nullable package var sloRate: Double?
        /// Goodput at 1.5 times the capacity, as a share of it.
        @Nullable package var collapseIndex: Double?
        /// The capacity below which a retry storm heals.
        @Nullable package var hiddenCapacity: Double?
        /// Retries per intent that this rests on.
        @Nullable package var retries: Double?
        /// Nothing known.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case capacity, ci, reached, retries
            case sloRate = "slo_rate"
            case collapseIndex = "collapse_index"
            case hiddenCapacity = "hidden_capacity"
        }
    }

    /// What was lost.
    package struct Loss: Codable, Sendable {
        /// The genuine submissions.
        package struct Genuine: Codable, Sendable {
            /// Their success share before the trouble, 0 to 1.
            @Nullable package var baselineSuccess: Double?
            /// Their success share during it.
            @Nullable package var incidentSuccess: Double?
            /// How many were lost because of it.
            @Nullable package var lost: Int?
            /// A 95 % interval of the share lost, 0 to 1.
            @Nullable package var ci: [Double]?
            /// Nothing known.
            package init() {}

            enum CodingKeys: String, CodingKey {
                case lost, ci
                case baselineSuccess = "baseline_success"
                case incidentSuccess = "incident_success"
            }
        }
        /// What clients believe against what the store holds, over all intents that write.
        package struct Reconcile: Codable, Sendable {
            /// Accepted and stored.
            package var ackedStored: Int
            /// Accepted and missing: data loss.
            package var ackedMissing: Int
            /// Not accepted and stored all the same.
            package var unackedStored: Int
            /// Neither.
            package var unackedMissing: Int
            /// The four cells.
            package init(
                ackedStored: Int, ackedMissing: Int, unackedStored: Int, unackedMissing: Int
            ) {
                self.ackedStored = ackedStored
                self.ackedMissing = ackedMissing
                self.unackedStored = unackedStored
                self.unackedMissing = unackedMissing
            }

            enum CodingKeys: String, CodingKey {
                case ackedStored = "acked_stored"
                case ackedMissing = "acked_missing"
                case unackedStored = "unacked_stored"
                case unackedMissing = "unacked_missing"
            }
        }
        /// The genuine submissions; nil without genuine traffic or without a baseline.
        @Nullable package var genuine: Genuine?
        /// Genuine success over noise success during the trouble; 1 when both suffer alike.
        @Nullable package var selectivity: Double?
        /// The four cells; nil when the store could not be listed.
        @Nullable package var reconcile: Reconcile?
        /// Nothing known.
        package init() {}
    }

    /// One explanation, with what speaks for and against it.
    package struct Hypothesis: Codable, Sendable {
        /// A mechanism, `M01` to `M27`, or `UNKNOWN`.
        package var id = ""
        /// Its probability.
        @Nullable package var posterior: Double?
        /// Evidence ids in favour.
        package var supporting: [String] = []
        /// Evidence ids against.
        package var against: [String] = []
        /// Samples that would tell more.
        package var missing: [String] = []
        /// The run that would refute it.
        @Nullable package var refutingRun: String?
        /// An empty explanation.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case id, posterior, against, missing
            case supporting = "for"
            case refutingRun = "refuting_run"
        }
    }

    /// One observation that explanations rest on.
    package struct Evidence: Codable, Sendable {
        /// `E01` and so on.
        package var id = ""
        /// The test's name.
        package var test = ""
        /// What it measured, by name.
        package var statistic: [String: Double] = [:]
        /// Observations it rests on.
        @Nullable package var n: Int?
        /// Where in the run, as start and end in seconds.
        package var window: [Double] = []
        /// Log10 likelihood ratios by explanation.
        package var weight: [String: Double] = [:]
        /// Evidence of one group is not counted twice.
        package var group = ""
        /// `fired` or `clear`; absent in older reports.
        package var outcome: String?
        /// Empty evidence.
        package init() {}
    }

    /// Something that would have avoided it.
    package struct Remedy: Codable, Sendable {
        /// Its id.
        package var id: String
        /// What a model predicts.
        @Nullable package var predicted: String?
        /// What a run with it measured.
        @Nullable package var measured: String?
        /// A remedy.
        package init(id: String, predicted: String?, measured: String?) {
            self.id = id
            self._predicted = Nullable(wrappedValue: predicted)
            self._measured = Nullable(wrappedValue: measured)
        }
    }
}
