/// Everything Spate says about a run: the shape of `report.json`, the one source of all numbers.
///
/// Times are in seconds from the run's start, latencies in milliseconds, sizes in bytes. Absent
/// knowledge is nil and written as `null`, never 0. Pages, texts and tables are made from this
/// value alone, so that no two of them can disagree.
package struct Report: Codable, Sendable {
    /// The schema's name, `spate/report/1`.
    package var schema = "spate/report/1"
    /// What ran, where and with what.
    package var run = Run()
    /// Whether the generator kept its promises.
    package var validity = Validity()
    /// The answer, with its grade.
    package var verdict = Verdict()
    /// Where the trouble began; nil when nothing did or nothing could be located.
    @Nullable package var onset: Onset?
    /// The capacity; nil when it could not be estimated.
    @Nullable package var knee: Knee?
    /// Whether it healed by itself; nil when not judged.
    @Nullable package var metastable: Metastable?
    /// Sums over the run.
    package var totals = Totals()
    /// Figures by class of traffic: `genuine`, `noise`, `probe`.
    package var classes: [String: ClassFigures] = [:]
    /// How punctual the generator itself was; nil in reports of an older Spate.
    @Nullable package var generator: GeneratorFigures?
    /// Phases of load in order; an intent belongs to the phase in which it arrived.
    package var phases: [Phase] = []
    /// What became of the people; nil in reports of an older Spate.
    @Nullable package var people: People?
    /// What was planned and what happened, in order.
    package var timeline: [TimelineEntry] = []
    /// What was lost.
    package var loss = Loss()
    /// How long people were shut out; nil where nobody arrived, and in reports of an older Spate.
    @Nullable package var outage: Outage?
    /// Attempts that ended, by outcome.
    package var outcomes: [String: Int] = [:]
    /// Explanations in order of belief; the losers stay.
    package var hypotheses: [Hypothesis] = []
    /// What the explanations rest on.
    package var evidence: [Evidence] = []
    /// Runs that would tell more, the most informative first; nil when not worked out.
    @Nullable package var nextRuns: [NextRun]?
    /// What would have avoided it; nil when not worked out.
    @Nullable package var remedies: [Remedy]?
    /// The scenario's own rules.
    package var thresholds: [Threshold] = []
    /// The story's human queue; nil when the target has none or was not asked.
    @Nullable package var review: Review?
    /// What became of the seconds sent to collectors; absent where none was asked for.
    package var telemetry: [Export]?
    /// The run over time: at most 1,200 rows.
    package var series: [SeriesRow] = []
    /// How many attempts ended how slowly; nil when none did, and in reports of an older Spate.
    package var heatmap: Heatmap?
    /// Where requests spent their time; nil likewise.
    package var breakdown: Breakdown?

    /// A report that knows nothing yet.
    package init() {}

    enum CodingKeys: String, CodingKey {
        case schema, run, validity, verdict, onset, knee, metastable, totals, classes, phases
        case timeline, loss, outcomes, hypotheses, evidence, remedies, thresholds, review, series
        case generator, people, heatmap, breakdown, outage, telemetry
        case nextRuns = "next_runs"
    }
}

extension Report {
    /// What ran, where and with what.
    package struct Run: Codable, Sendable {
        /// A name no other run has.
        package var id = ""
        /// The scenario's name.
        package var scenario = ""
        /// The seed of every draw.
        package var seed: UInt64 = 0
        /// Civil time of the start, RFC 3339.
        package var started = ""
        /// Wall seconds from the start to the end of the drain.
        package var duration = 0.0
        /// Story seconds per wall second.
        package var timeScale = 1.0
        /// Spate's version.
        package var version = ""
        /// libcurl's version.
        package var libcurl = ""
        /// The generator's machine.
        package var host = Host()
        /// SHA-256 of the resolved scenario, in hex.
        package var scenarioSHA256 = ""
        /// The command to repeat the run, secrets replaced.
        package var command = ""
        /// True when certificates were not checked (`--insecure`).
        @Nullable package var insecure: Bool?
        /// The scenario as resolved, secrets replaced; absent where it was not kept.
        package var scenarioText: String?
        /// How the run ended: `finished`, `signal` and so on; nil when its journal was cut.
        @Nullable package var stopped: String?
        /// Nothing known.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case id, scenario, seed, started, duration, version, libcurl, host, command, insecure,
                stopped
            case timeScale = "time_scale"
            case scenarioSHA256 = "scenario_sha256"
            case scenarioText = "scenario_text"
        }
    }

    /// The generator's machine and its limits.
    package struct Host: Codable, Sendable {
        /// Kernel name and release.
        package var kernel = ""
        /// Usable cores.
        package var cores = 0
        /// Descriptors a process may open.
        package var descriptors = 0
        /// Local ports per target address.
        package var localPorts = 0
        /// Physical memory in bytes.
        package var memory: Int64 = 0
        /// The machine's name.
        package var name = ""
        /// Nothing known.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case kernel, cores, descriptors, memory, name
            case localPorts = "local_ports"
        }
    }

    /// Whether the generator kept its promises.
    package struct Validity: Codable, Sendable {
        /// The three states.
        package enum State: String, Codable, Sendable, CaseIterable {
            /// Nothing in the generator's way.
            case valid
            /// The machine was late at times; claims are downgraded.
            case suspect
            /// The generator was the limit; nothing is claimed about the server.
            case invalid
        }
        /// One gate.
        package struct Gate: Codable, Sendable {
            /// How a gate ended.
            package enum State: String, Codable, Sendable, CaseIterable {
                /// Passed.
                case ok
                /// Not passed.
                case failed
                /// The run gave nothing to judge it by.
                case notApplicable = "not_applicable"
            }
            /// `V1` and so on.
            package var id: String
            /// How it ended.
            package var state: State
            /// One line with the figures.
            package var detail: String
            /// A gate.
            package init(id: String, state: State, detail: String) {
                self.id = id
                self.state = state
                self.detail = detail
            }
        }
        /// The worst that the gates allow.
        package var state = State.valid
        /// The gates in order.
        package var gates: [Gate] = []
        /// Whether the machine kept more than a tenth of the seconds late; nil in older reports.
        package var disturbed: Bool?
        /// No gate tried.
        package init() {}
    }

    /// The answer, with its grade.
    package struct Verdict: Codable, Sendable {
        /// How much the evidence carries.
        package enum Grade: String, Codable, Sendable, CaseIterable {
            /// One mechanism, its rivals refuted.
            case cause = "CAUSE"
            /// One family of mechanisms.
            case family = "FAMILY"
            /// The best guess, not more.
            case leading = "LEADING"
            /// Nothing can be told apart.
            case notEnoughEvidence = "NOT_ENOUGH_EVIDENCE"
            /// Nothing broke.
            case healthy = "HEALTHY"
            /// The run is no test of the server.
            case invalid = "INVALID"
        }
        /// How much the evidence carries.
        package var grade = Grade.notEnoughEvidence
        /// The family of mechanisms, when one leads.
        @Nullable package var family: String?
        /// The mechanism, when one is shown.
        @Nullable package var mechanism: String?
        /// Mechanisms that ride on another (`M21`, `M26`), and the form of a queue (`M03`, `M04`).
        package var overlay: [String] = []
        /// The leading explanation's probability.
        @Nullable package var posterior: Double?
        /// The Bayes factor against the runner-up.
        @Nullable package var bfNext: Double?
        /// The answer in one sentence.
        package var sentence = ""
        /// The families' probabilities: sums over their mechanisms; absent in older reports.
        package var families: [String: Double]?
        /// The version of the weights that judged; absent in older reports.
        package var weights: String?
        /// The sentence's parts with what each rests on; absent in older reports.
        package var claims: [Claim]?
        /// Not enough evidence.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case grade, family, mechanism, overlay, posterior, sentence, families, weights,
                claims
            case bfNext = "bf_next"
        }
    }
}
