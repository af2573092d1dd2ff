extension Report {
    /// Whether the service healed by itself.
    package struct Metastable: Codable, Sendable {
        /// `RECOVERED`, `RECOVERED_SLOWLY`, `UNDECIDED`, `METASTABLE`, `SUSTAINED`, `PERSISTENT` or
        /// `not_applicable`.
        package var state = "not_applicable"
        /// Predicted drain time without retries, in seconds.
        @Nullable package var tFresh: Double?
        /// Predicted drain time with the amplified load, in seconds; null where it never drains.
        @Nullable package var tStorm: Double?
        /// Observed time to recovery, in seconds.
        @Nullable package var tRecovered: Double?
        /// What taking load away did.
        @Nullable package var relief: String?
        /// What kept it down.
        @Nullable package var loop: String?
        /// Attempts per step that arrivals alone would begin, after the trigger.
        @Nullable package var amplification: Double?
        /// The app's share of it.
        @Nullable package var appAmplification: Double?
        /// What people's pressing again multiplies on top.
        @Nullable package var personAmplification: Double?
        /// When the trigger ended, in seconds from the run's start.
        @Nullable package var triggerEnd: Double?
        /// Steps per second that arrivals alone would begin after it.
        @Nullable package var load: Double?
        /// What the server can do, per second.
        @Nullable package var capacity: Double?
        /// Where the capacity is from.
        @Nullable package var capacityBasis: String?
        /// The load under which it heals even if everybody retries.
        @Nullable package var hiddenCapacity: Double?
        /// Attempts waiting when the trigger ended.
        @Nullable package var backlog: Double?
        /// Not applicable.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case state, relief, loop, amplification, load, capacity, backlog
            case tFresh = "t_fresh"
            case tStorm = "t_storm"
            case tRecovered = "t_recovered"
            case appAmplification = "app_amplification"
            case personAmplification = "person_amplification"
            case triggerEnd = "trigger_end"
            case capacityBasis = "capacity_basis"
            case hiddenCapacity = "hidden_capacity"
        }
    }

    /// A run that would tell hypotheses apart.
    package struct NextRun: Codable, Sendable {
        /// Its name in the catalogue, `E1` to `E15`.
        package var id: String
        /// Expected information in bits.
        @Nullable package var gainBits: Double?
        /// What to do.
        package var what: String
        /// The outcome that would refute the leading explanation.
        @Nullable package var refutedBy: String?
        /// The command that does it; null where it takes more than this machine.
        @Nullable package var command: String?
        /// A run to make next.
        package init(
            id: String, gainBits: Double?, what: String, refutedBy: String? = nil,
            command: String? = nil
        ) {
            self.id = id
            self._gainBits = Nullable(wrappedValue: gainBits)
            self.what = what
            self._refutedBy = Nullable(wrappedValue: refutedBy)
            self._command = Nullable(wrappedValue: command)
        }

        enum CodingKeys: String, CodingKey {
            case id, what, command
            case gainBits = "gain_bits"
            case refutedBy = "refuted_by"
        }
    }
}
