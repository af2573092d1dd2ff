/// What comparing needs of one run: its figures, its seconds, and what it is comparable with.
///
/// Also a run of a saved baseline: a few kilobytes for a run of a minute.
package struct RunEvidence: Codable, Sendable, Hashable {
    /// The machine that made the load.
    package struct Machine: Codable, Sendable, Hashable {
        /// Its name.
        package var name: String
        /// Kernel name and release.
        package var kernel: String
        /// Usable cores.
        package var cores: Int
        /// Physical memory in bytes.
        package var memory: Int64

        /// A machine.
        package init(name: String, kernel: String, cores: Int, memory: Int64) {
            self.name = name
            self.kernel = kernel
            self.cores = cores
            self.memory = memory
        }
    }
    /// One row of the run over time: a second, or several merged in long runs.
    package struct Row: Codable, Sendable, Hashable {
        /// Seconds from the run's start.
        package var t: Double
        /// Intents planned to arrive, per second.
        package var offered: Double
        /// Good answers per second.
        package var good: Double
        /// Median response time in milliseconds; nil without one.
        package var p50: Double?
        /// The 99th percentile in milliseconds; nil without one.
        package var p99: Double?
        /// Intents of the compared class that arrived.
        package var arrived: Int
        /// Of which were accepted in the end.
        package var accepted: Int
        /// Attempts that ended; nil in older baselines.
        package var ended: Int?

        /// A row.
        package init(
            t: Double, offered: Double, good: Double, p50: Double?, p99: Double?, arrived: Int,
            accepted: Int, ended: Int? = nil
        ) {
            self.t = t
            self.offered = offered
            self.good = good
            self.p50 = p50
            self.p99 = p99
            self.arrived = arrived
            self.accepted = accepted
            self.ended = ended
        }

        /// A percentile of the row: infinite where it fell among those without a good answer, nil
        /// where nothing ended.
        func time(_ percentile: Double?) -> Double? {
            percentile ?? ((self.ended ?? 0) > 0 ? .infinity : nil)
        }
    }
    /// The run's id.
    package var id = ""
    /// Where its report lies, as it was named.
    package var place = ""
    /// The scenario's name.
    package var scenario = ""
    /// SHA-256 of the scenario as run, in hex.
    package var scenarioSHA256 = ""
    /// SHA-256 of what makes the load: the scenario without target, seed and thresholds, and the
    /// factor of its rates; nil where only `report.json` is at hand.
    package var load: String?
    /// The seed.
    package var seed: UInt64 = 0
    /// Civil time of the start, RFC 3339.
    package var started = ""
    /// Story seconds per wall second.
    package var timeScale = 1.0
    /// Spate's version.
    package var version = ""
    /// The machine.
    package var machine = Machine(name: "", kernel: "", cores: 0, memory: 0)
    /// Why its figures are none of the server's; nil when they are.
    package var fault: String?
    /// Whether the machine kept it from its schedule; nil where that is not known.
    package var disturbed: Bool?
    /// The class of traffic that the figures are of.
    package var trafficClass = ""
    /// The figures by name, in milliseconds, shares of 1 or per second.
    package var values: [String: Double] = [:]
    /// Figures that fell among attempts without a good answer: slower than every good one.
    package var unanswered: [String] = []
    /// The run over time.
    package var rows: [Row] = []

    /// Nothing known.
    package init() {}

    /// A figure's value: infinite where no good answer was, nil where too little was seen.
    package func value(of figure: RunFigure) -> Double? {
        self.unanswered.contains(figure.name) ? .infinity : self.values[figure.name]
    }

    enum CodingKeys: String, CodingKey {
        case id, place, scenario, load, seed, started, version, machine, fault, disturbed, values
        case unanswered, rows
        case scenarioSHA256 = "scenario_sha256"
        case timeScale = "time_scale"
        case trafficClass = "class"
    }
}
