package import Primitives
package import Scenarios

/// What will be done, complete and deterministic: a scenario and a seed, in wall time.
///
/// Two plans of the same scenario, seed and inputs are equal in every arrival and every byte.
package struct Plan: Sendable {
    /// The scenario's human name.
    package var name: String
    /// What the scenario tells.
    package var description: String
    /// The seed of every draw.
    package var seed: UInt64
    /// Story seconds per wall second.
    package var timeScale: Double
    /// What is under test.
    package var target: TargetSpec
    /// Defaults of every request.
    package var http: HTTPDefaults
    /// The populations, in the scenario's order.
    package var populations: [PopulationPlan]
    /// The phases of load, in order of time, without gaps, covering the whole run.
    package var phases: [PlannedPhase]
    /// The phases in which the load is cut, in order of time.
    package var reliefs: [ReliefWindow] = []
    /// The labelled events, in order of time.
    package var timeline: [PlannedEvent]
    /// Pass and fail rules.
    package var thresholds: [ThresholdRule]
    /// What is sampled of the server's side, the bundled intake's own sources included.
    package var probes: ProbesSpec
    /// Limits on what may be hit and how hard.
    package var safety: SafetySpec
    /// From the run's start to the last population's end, in wall time; the drain comes after.
    package var duration: Nanoseconds
    /// What drafting requests needs: variables, feeders, files.
    package var materials: DraftMaterials
}

/// A population in wall time.
package struct PopulationPlan: Sendable {
    /// Its index in the plan; other values refer to it by this.
    package var index: Int
    /// Its name.
    package var name: String
    /// What it stands for.
    package var trafficClass: TrafficClass
    /// Labels for selectors of thresholds.
    package var tags: [String: String]
    /// The executor's name, k6's.
    package var executor: String
    /// How many come, and when.
    package var load: LoadPlan
    /// When it begins, from the run's start.
    package var start: Nanoseconds
    /// When no more intents begin.
    package var end: Nanoseconds
    /// How long intents may finish after that.
    package var gracefulStop: Nanoseconds
    /// The most intents between arrival and end; more are dropped.
    package var maxInFlight: Int
    /// Intents that share one simulated client in open executors.
    package var reuse: Int
    /// The phones' networks; nil for the machine's own.
    package var network: NetworkPlan?
    /// What each client does: the flow as a program.
    package var program: FlowProgram
    /// The flow's requests; instructions refer to them by index.
    package var steps: [StepPlan]
    /// True when a step writes and the class is not `probe`: intents are reconciled by key.
    package var writes: Bool
    /// Statuses that end an intent as rejected.
    package var finalStatuses: [StatusPattern]
    /// How long people wait and whether they press again, in wall time.
    package var person = PersonSpec()
    /// The feeders its requests and conditions name.
    package var feeders: Set<String>
    /// When less of it comes, and nobody tries again.
    package var reliefs: [ReliefWindow] = []
}

/// A request of a flow, with what decides its outcome.
package struct StepPlan: Sendable {
    /// Its index in the population.
    package var index: Int
    /// Its name in metrics and reports.
    package var name: String
    /// The request, its templates unexpanded.
    package var request: RequestSpec
    /// An attempt's deadline.
    package var timeout: Nanoseconds
    /// The deadline for lookup, connect and TLS together.
    package var connectTimeout: Nanoseconds
    /// A good answer's status.
    package var goodStatuses: [StatusPattern]
    /// A good answer's latest response time, if limited.
    package var maxDuration: Nanoseconds?
    /// A text a good answer's body contains, if asked.
    package var bodyContains: String?
    /// Values taken from the response.
    package var captures: [CaptureSpec]
    /// Retries; nil for none.
    package var retry: RetrySpec?
    /// True when every attempt of every intent sends the same method, URL, headers and body,
    /// apart from the idempotency key: the engine may prepare it once.
    package var isConstant: Bool
    /// True when the request carries the intent's idempotency key.
    package var carriesKey: Bool
}

/// How many intents a population makes, and when.
package enum LoadPlan: Sendable {
    /// Open: arrivals at planned times, whatever the answers.
    case open(ArrivalSchedule)
    /// Closed: a number of clients over time, each starting anew when it has ended.
    case closed(ClientCurve)
    /// Closed: clients with a number of intents each, or a common pot.
    case iterations(vus: Int, each: Int?, shared: Int?)
}

/// A phase in wall time from the run's start.
package struct PlannedPhase: Sendable, Hashable {
    /// Its name.
    package var name: String
    /// Where it begins.
    package var start: Nanoseconds
    /// Where it ends.
    package var end: Nanoseconds
    /// What it is for.
    package var kind: PhaseKind
}

/// An event in wall time from the run's start.
package struct PlannedEvent: Sendable {
    /// When.
    package var at: Nanoseconds
    /// What it means.
    package var kind: EventKind
    /// One line.
    package var label: String
    /// The request it sends, if any.
    package var request: StepPlan?
}
