package import Primitives

/// One population of simulated clients.
package struct SimulatedCrowd: Sendable {
    /// What its app does after a failure.
    package struct Retry: Sendable {
        /// Tries after the first.
        package var max = 0
        /// Seconds before the next try.
        package var delay = 0.5
        /// Each wait is twice the one before.
        package var isExponential = false
        /// Waits are drawn between nothing and their full length.
        package var hasJitter = false
        /// Retries earned by each first try; nil for no budget.
        package var budget: Double?

        /// No retries.
        package init() {}
    }
    /// Its name.
    package var name: String
    /// What it stands for.
    package var trafficClass: TrafficClass
    /// Arrivals of intents.
    package var rate: RateCurve
    /// Gaps between arrivals in units of their expectation: mean 1; exponential is Poisson.
    package var gaps = Distribution.exponential(mean: 1)
    /// How many clients take turns; nil when each intent has a client of its own.
    package var clients: Int?
    /// Body sizes in bytes.
    package var body = Distribution.fixed(20_000)
    /// A client keeps its connection for its next request; needs `clients`.
    package var reuses = false
    /// How long a connection stays open after the answer, in seconds, unless it is kept.
    package var holds = 0.0
    /// The deadline of an attempt in seconds.
    package var timeout = 5.0
    /// The deadline of its connection in seconds.
    package var connectTimeout = 5.0
    /// After how many seconds a person gives up; nil for never.
    package var patience: Double?
    /// What its app does after a failure.
    package var retry = Retry()
    /// False for requests that the workers never see.
    package var needsWorker = true
    /// Seconds there and back.
    package var roundTrip = 0.0003
    /// Bytes a second that its network sends; nil for no limit of its own.
    package var uploadRate: Double?

    /// A population.
    package init(_ name: String, _ trafficClass: TrafficClass, _ rate: RateCurve) {
        self.name = name
        self.trafficClass = trafficClass
        self.rate = rate
    }

    /// A health check, once a second, which the workers never see.
    package static func probe(seconds: Double) -> SimulatedCrowd {
        var crowd = SimulatedCrowd("probe", .probe, .constant(1, seconds: seconds))
        crowd.gaps = .fixed(1)
        crowd.body = .fixed(0)
        crowd.needsWorker = false
        return crowd
    }
}
