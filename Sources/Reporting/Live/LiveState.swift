/// What the live view knows of a running run at one moment: plain figures, no clock.
package struct LiveState: Sendable, Hashable {
    /// One threshold as it stands now.
    package struct Threshold: Sendable, Hashable {
        /// As written in the scenario.
        package var text: String
        /// The metric's number now; empty while there is none.
        package var value = ""
        /// Nil while there are no samples: that is neither kept nor broken.
        package var isKept: Bool?

        /// A threshold and how it stands.
        package init(text: String, value: String = "", isKept: Bool?) {
            self.text = text
            self.value = value
            self.isKept = isKept
        }
    }

    /// Attempts by what became of them.
    package struct OutcomeLine: Sendable, Hashable {
        /// As in `outcomes` of the report: `2xx`, `503`, `connect_timeout`.
        package var name: String
        /// In the last second.
        package var now = 0
        /// Since the start.
        package var total = 0
        /// True when attempts of it were not good.
        package var isBad = false

        /// An outcome.
        package init(name: String, now: Int = 0, total: Int = 0, isBad: Bool = false) {
            self.name = name
            self.now = now
            self.total = total
            self.isBad = isBad
        }
    }

    /// Response times of the last five seconds, from the intended start, in milliseconds.
    package struct Times: Sendable, Hashable {
        /// A percentile: attempts without a good answer rank slowest.
        package struct Value: Sendable, Hashable {
            /// The number.
            package var milliseconds: Double
            /// True when it is at least that much: the rank falls among attempts not good.
            package var isLeast = false

            /// A value.
            package init(_ milliseconds: Double, isLeast: Bool = false) {
                self.milliseconds = milliseconds
                self.isLeast = isLeast
            }
        }
        /// The median.
        package var p50: Value?
        /// The 95th percentile.
        package var p95: Value?
        /// The 99th percentile.
        package var p99: Value?
        /// The longest of a good answer.
        package var max: Value?
        /// The 99th percentile from the actual start.
        package var serviceP99: Value?

        /// None known.
        package init() {}
    }

    /// A population, or all of them.
    package struct Load: Sendable, Hashable {
        /// The population's name.
        package var name = ""
        /// Intents that arrived in the last second.
        package var offered = 0
        /// Attempts ended in it.
        package var done = 0
        /// Of which good.
        package var good = 0
        /// Intents dropped since the start.
        package var dropped = 0
        /// Intents under way.
        package var inFlight = 0
        /// How long answers took.
        package var times = Times()

        /// Nothing yet.
        package init() {}
    }

    /// The scenario's name.
    package var name = ""
    /// The phase's name; empty before the first.
    package var phase = ""
    /// Wall seconds since the start.
    package var t = 0.0
    /// Wall seconds planned, an operator's delays included.
    package var plannedSeconds = 0.0
    /// Story seconds per wall second.
    package var timeScale = 1.0
    /// All populations together.
    package var all = Load()
    /// Each population.
    package var populations: [Load] = []
    /// What became of attempts, the most frequent first.
    package var outcomes: [OutcomeLine] = []
    /// Offered per second, one value a second, oldest first.
    package var offeredHistory: [Double] = []
    /// Good per second, one value a second, oldest first.
    package var goodHistory: [Double] = []
    /// The p99 of each second in milliseconds.
    package var p99History: [Double?] = []
    /// The scenario's thresholds.
    package var thresholds: [Threshold] = []
    /// The generator's cores in use; nil while not known.
    package var cpu: Double?
    /// The lanes' p99 delay behind the schedule in milliseconds; nil while not known.
    package var lag: Double?
    /// Open descriptors; nil while not known.
    package var descriptors: Int?
    /// Descriptors there may be; 0 while not known.
    package var descriptorLimit = 0
    /// Ports in TIME_WAIT; nil while not known.
    package var waitingPorts: Int?
    /// Local ports there are; 0 while not known.
    package var ports = 0
    /// Why the measurement is not valid; nil while it is.
    package var invalidity: String?
    /// True while an operator holds arrivals.
    package var isHeld = false
    /// The rate in per cent of the plan.
    package var percent = 100
    /// True once no intent begins any more.
    package var isDraining = false
    /// The newest remark.
    package var remark = ""
    /// True where there is a keyboard to take keys from.
    package var hasKeys = false
    /// The text of a remark being typed; nil while none is.
    package var draft: String?
    /// The population looked at; nil for all.
    package var selected: Int?
    /// True while the keys are explained.
    package var showsHelp = false

    /// Nothing yet.
    package init() {}

    /// The load looked at.
    var shown: Load {
        guard let selected, self.populations.indices.contains(selected) else { return self.all }
        return self.populations[selected]
    }
}
