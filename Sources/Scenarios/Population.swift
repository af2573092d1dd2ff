package import Primitives

/// One entry under `scenarios:`: a crowd of clients that all do the same thing.
package struct PopulationSpec: Sendable {
    /// The entry's key; `^[0-9A-Za-z_-]+$`.
    package var name: String
    /// What the crowd stands for.
    package var trafficClass: TrafficClass
    /// How many of them come, and when.
    package var load: LoadSpec
    /// When the population begins, in story time from the run's start.
    package var startTime: Nanoseconds
    /// How long intents may finish after the population's end, in wall time.
    package var gracefulStop: Nanoseconds
    /// The most intents between arrival and end; more are dropped.
    ///
    /// Nil for the default (10,000).
    package var maxInFlight: Int?
    /// Labels for selectors of thresholds.
    package var tags: [String: String]
    /// Retries of every step that has none of its own.
    package var retry: RetrySpec?
    /// How long each person waits, and whether they press again.
    package var person: PersonSpec
    /// Intents that share one simulated client before it is replaced: 1 in open executors.
    package var reuse: Int
    /// What the phones are like.
    package var clients = ClientSpec()
    /// Status codes that end an intent as rejected, beyond the rule (4xx but 408, 425, 429).
    package var finalStatuses: [StatusPattern]?
    /// What each client does.
    package var flow: [StepSpec]
    /// What it does when that did not succeed; its journey has ended by then.
    package var onFailure: [StepSpec]
    /// Where the entry stands in the file.
    package var location: SourceLocation

    /// A population; the decoder makes them, and tests.
    package init(
        name: String, trafficClass: TrafficClass = .genuine, load: LoadSpec,
        startTime: Nanoseconds = .zero, gracefulStop: Nanoseconds = .seconds(10),
        maxInFlight: Int? = nil, tags: [String: String] = [:], retry: RetrySpec? = nil,
        person: PersonSpec = PersonSpec(), reuse: Int = 1,
        finalStatuses: [StatusPattern]? = nil, flow: [StepSpec],
        onFailure: [StepSpec] = [],
        location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.name = name
        self.trafficClass = trafficClass
        self.load = load
        self.startTime = startTime
        self.gracefulStop = gracefulStop
        self.maxInFlight = maxInFlight
        self.tags = tags
        self.retry = retry
        self.person = person
        self.reuse = reuse
        self.finalStatuses = finalStatuses
        self.flow = flow
        self.onFailure = onFailure
        self.location = location
    }
}

/// How arrivals are spaced inside a rate curve.
package enum ArrivalSpacing: String, Sendable, Hashable, Codable, CaseIterable {
    /// At the exact times the curve's integral reaches whole numbers.
    case uniform
    /// As a Poisson process with the curve as its intensity.
    case poisson
}

/// The executor of a population and its numbers; durations are story time, rates wall time.
package enum LoadSpec: Sendable, Hashable {
    /// Open: arrivals at one rate.
    case constantArrivalRate(rate: Rate, duration: Nanoseconds, spacing: ArrivalSpacing)
    /// Open: arrivals at a rate that follows stages.
    case rampingArrivalRate(startRate: Rate, stages: [StageSpec], spacing: ArrivalSpacing)
    /// Open: people who act after something they saw was passed on; the cascade is story time.
    case viral(ViralCascade, duration: Nanoseconds, spacing: ArrivalSpacing)
    /// Open: arrivals that bring further ones, `branching` each, on average `decay` later.
    case hawkes(rate: Rate, branching: Double, decay: Nanoseconds, duration: Nanoseconds)
    /// Open: a rate that follows the hours of the day.
    case diurnal(DiurnalSpec, duration: Nanoseconds, spacing: ArrivalSpacing)
    /// Open: arrivals at recorded times.
    case trace(TraceSpec)
    /// Closed: that many clients, each starting its next intent when the last has ended.
    case constantVUs(vus: Int, duration: Nanoseconds)
    /// Closed: a number of clients that follows stages (`target` counts clients).
    case rampingVUs(startVUs: Int, stages: [StageSpec], gracefulRampDown: Nanoseconds)
    /// Closed: every client runs that many intents.
    case perVUIterations(vus: Int, iterations: Int, maxDuration: Nanoseconds)
    /// Closed: all clients together run that many intents.
    case sharedIterations(vus: Int, iterations: Int, maxDuration: Nanoseconds)

    /// The executor's name: k6's where k6 has one.
    package var executor: String {
        switch self {
        case .constantArrivalRate: "constant-arrival-rate"
        case .rampingArrivalRate: "ramping-arrival-rate"
        case .viral: "viral"
        case .hawkes: "hawkes"
        case .diurnal: "diurnal"
        case .trace: "trace"
        case .constantVUs: "constant-vus"
        case .rampingVUs: "ramping-vus"
        case .perVUIterations: "per-vu-iterations"
        case .sharedIterations: "shared-iterations"
        }
    }
}

/// How a stage moves from the level before it to its target.
package enum StageShape: String, Sendable, Hashable, Codable, CaseIterable {
    /// A straight line.
    case linear
    /// At once, at the stage's start.
    case step
    /// By a constant factor per second.
    case exponential
    /// By a half cosine: slow, fast, slow.
    case smooth
}

/// What a phase of load is for.
package enum PhaseKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Ordinary load.
    case load
    /// Load taken away on purpose, to see whether the server heals.
    case relief
    /// The operator has taken the service off.
    case maintenance
}

/// One stage of a ramping executor.
package struct StageSpec: Sendable, Hashable {
    /// The phase's name, if it has one.
    package var name: String?
    /// How long it lasts, in story time.
    package var duration: Nanoseconds
    /// The level at its end: arrivals per wall second, or clients.
    package var target: Double
    /// The way there.
    package var shape: StageShape
    /// What the phase is for.
    package var kind: PhaseKind
    /// Where the stage stands in the file.
    package var location: SourceLocation

    /// A stage.
    package init(
        name: String? = nil, duration: Nanoseconds, target: Double, shape: StageShape = .linear,
        kind: PhaseKind = .load, location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.name = name
        self.duration = duration
        self.target = target
        self.shape = shape
        self.kind = kind
        self.location = location
    }
}

/// A set of HTTP status codes: `404`, `2xx`, `500-504`.
package enum StatusPattern: Sendable, Hashable {
    /// All codes of a closed range.
    case range(ClosedRange<Int>)

    /// True when the code belongs to the set.
    package func matches(_ status: Int) -> Bool {
        switch self {
        case .range(let range): range.contains(status)
        }
    }
}
