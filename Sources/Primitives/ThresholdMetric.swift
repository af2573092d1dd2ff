/// A metric that thresholds may name: k6's names where k6 has one.
///
/// One table for the decoder, which refuses what makes no sense, and for the store, which answers.
package struct ThresholdMetric: Sendable, Hashable {
    /// What its samples are, which decides the aggregations that fit.
    package enum Kind: Sendable, Hashable {
        /// Events, or bytes when `isSize`.
        case counter(isSize: Bool)
        /// Times.
        case trend
        /// Yes or no.
        case rate
        /// A level.
        case gauge
        /// One span of time for the whole selection.
        case span
    }
    /// How finely its samples can be selected.
    package enum Grain: Sendable, Hashable {
        /// By population.
        case population
        /// By population, in pieces of ten seconds.
        case tenSeconds
        /// By step and status, too.
        case attempt
    }
    /// The name.
    package var name: String
    /// What its samples are.
    package var kind: Kind
    /// How finely its samples can be selected.
    package var grain: Grain

    /// All metrics, in the order of the documentation.
    package static let all: [ThresholdMetric] =
        Self.metrics(.counter(isSize: false), .attempt, "http_reqs goodput")
        + Self.metrics(.rate, .attempt, "http_req_failed checks")
        + Self.metrics(
            .trend, .population,
            "http_req_duration http_req_response_time http_req_queue_time generator_lag"
                + " iteration_duration")
        + Self.metrics(
            .trend, .tenSeconds,
            "http_req_blocked http_req_connecting http_req_tls_handshaking http_req_sending"
                + " http_req_waiting http_req_receiving")
        + Self.metrics(.counter(isSize: true), .population, "data_sent data_received")
        + Self.metrics(
            .counter(isSize: false), .population, "iterations dropped_iterations retries")
        + Self.metrics(.rate, .population, "intents_accepted")
        + Self.metrics(.gauge, .population, "vus vus_max in_flight")
        + Self.metrics(.span, .attempt, "outage_duration recovery_time")

    private static func metrics(
        _ kind: Kind, _ grain: Grain, _ names: String
    ) -> [ThresholdMetric] {
        names.split(separator: " ").map {
            ThresholdMetric(name: String($0), kind: kind, grain: grain)
        }
    }

    /// The metric of that name; nil when there is none.
    package static func named(_ name: String) -> ThresholdMetric? {
        self.all.first { $0.name == name }
    }

    /// The aggregations that make sense, for messages.
    package var aggregations: String {
        switch self.kind {
        case .counter: "count, rate"
        case .trend: "avg, min, max, med, p(N)"
        case .rate: "rate"
        case .gauge: "value, min, max"
        case .span: "value"
        }
    }

    /// True when an aggregation makes sense.
    package func allows(_ aggregation: MetricAggregation) -> Bool {
        switch (self.kind, aggregation) {
        case (.counter, .count), (.counter, .rate), (.rate, .rate), (.gauge, .value),
            (.gauge, .min), (.gauge, .max), (.trend, .avg), (.trend, .min), (.trend, .max),
            (.trend, .med), (.trend, .p), (.span, .value):
            true
        default: false
        }
    }

    /// A limit in the metric's base unit; nil when the unit does not fit.
    ///
    /// Without a unit: milliseconds for times, a ratio for rates, as in k6.
    package func limit(
        _ number: Double, unit: String, _ aggregation: MetricAggregation
    ) -> Double? {
        if self.kind == .rate, unit == "%" { return number / 100 }
        let factors: [String: Double]
        switch self.kind {
        case .trend, .span:
            factors = ["": 1, "us": 1e-3, "µs": 1e-3, "ms": 1, "s": 1e3, "m": 60e3]
        case .rate, .gauge: factors = ["": 1]
        case .counter(let isSize):
            var allowed: [String: Double] = ["": 1]
            if aggregation == .rate { allowed["/s"] = 1 }
            if isSize {
                allowed.merge(["B": 1, "kB": 1e3, "MB": 1e6, "KiB": 1024, "MiB": 1_048_576]) {
                    old, _ in old
                }
            }
            factors = allowed
        }
        return factors[unit].map { number * $0 }
    }

    /// The units that fit, for messages.
    package var units: String {
        switch self.kind {
        case .trend, .span: "us, ms, s or m"
        case .rate: "% or none"
        case .gauge: "no unit"
        case .counter(let isSize):
            isSize ? "B, kB, MB, KiB, MiB or none" : "no unit, or /s for rate"
        }
    }
}
