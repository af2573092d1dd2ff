/// A metric as collectors see it; k6's own names come under k6's prefix, so that its dashboards
/// show a run of ours, and what only we measure comes under `spate`.
package enum TelemetryMetric: Int, Sendable, CaseIterable {
    case httpReqs, httpReqDuration, httpReqBlocked, httpReqConnecting, httpReqTLSHandshaking
    case httpReqSending, httpReqWaiting, httpReqReceiving, httpReqFailed, checks, dataSent
    case dataReceived, iterations, iterationDuration, droppedIterations, vus
    case responseTime, queueTime, goodput, started, retries, connections, offered, intents
    case generatorCPU, generatorLag, generatorReference, generatorLane, generatorMemory
    case generatorDescriptors

    /// What a metric's values are.
    package enum Kind: Sendable, Hashable {
        /// A sum since the run's start, which never falls.
        case counter
        /// A value at a moment.
        case gauge
        /// Percentiles and the longest of the times in a window.
        case trend
    }

    /// A metric's unit; times are seconds, as Prometheus and OpenTelemetry have them.
    package enum Unit: String, Sendable, Hashable {
        /// A number of things, or a share.
        case none = ""
        /// Seconds.
        case seconds = "s"
        /// Bytes.
        case bytes = "By"
    }

    /// What is told of a metric.
    package struct Facts: Sendable, Hashable {
        /// `k6` for k6's own metrics, `spate` for the others.
        package var family: String
        /// The name without family, such as `http_reqs`.
        package var base: String
        /// What its values are.
        package var kind: Kind
        /// Its unit.
        package var unit: Unit
        /// One sentence for people.
        package var help: String
    }

    /// The statistics of a trend, in the order of `TrendFigures.values`.
    package static let statistics = ["p50", "p90", "p95", "p99", "max"]
    private static let table: [Facts] = TelemetryMetric.allCases.map(\.described)

    /// What is told of the metric.
    package var facts: Facts { Self.table[self.rawValue] }

    private var described: Facts {
        switch self {
        case .httpReqs: k6("http_reqs", .counter, .none, "Attempts that ended.")
        case .httpReqDuration:
            k6("http_req_duration", .trend, .seconds, "Service times of completed attempts.")
        case .httpReqBlocked: k6("http_req_blocked", .trend, .seconds, "Lookups.")
        case .httpReqConnecting: k6("http_req_connecting", .trend, .seconds, "Connects.")
        case .httpReqTLSHandshaking:
            k6("http_req_tls_handshaking", .trend, .seconds, "TLS handshakes.")
        case .httpReqSending: k6("http_req_sending", .trend, .seconds, "Sending of requests.")
        case .httpReqWaiting:
            k6("http_req_waiting", .trend, .seconds, "From the last byte sent to the first header.")
        case .httpReqReceiving: k6("http_req_receiving", .trend, .seconds, "Receiving of answers.")
        case .httpReqFailed:
            k6("http_req_failed", .gauge, .none, "The share of attempts that were not good.")
        case .checks: k6("checks", .gauge, .none, "The share of attempts that were good.")
        case .dataSent: k6("data_sent", .counter, .bytes, "Body bytes sent.")
        case .dataReceived: k6("data_received", .counter, .bytes, "Bytes received.")
        case .iterations: k6("iterations", .counter, .none, "Intents that ended, drops excepted.")
        case .iterationDuration:
            k6("iteration_duration", .trend, .seconds, "Accepted intents, from arrival to end.")
        case .droppedIterations:
            k6("dropped_iterations", .counter, .none, "Intents that the generator never started.")
        case .vus: k6("vus", .gauge, .none, "Intents between arrival and end.")
        case .responseTime:
            own(
                "http_req_response_time", .trend, .seconds,
                "From the intended start; attempts not good rank slower than all that are.")
        case .queueTime:
            own("http_req_queue_time", .trend, .seconds, "Starts behind the schedule.")
        case .goodput: own("goodput", .counter, .none, "Good attempts.")
        case .started: own("http_reqs_started", .counter, .none, "Attempts started.")
        case .retries: own("retries", .counter, .none, "Attempts started that were retries.")
        case .connections: own("connections_opened", .counter, .none, "Connections opened.")
        case .offered: own("intents_offered", .counter, .none, "Intents that arrived.")
        case .intents: own("intents", .counter, .none, "Intents that ended, by ending.")
        case .generatorCPU: own("generator_cpu", .gauge, .none, "Cores that the generator used.")
        case .generatorLag:
            own("generator_lag_p99", .gauge, .seconds, "The busiest lane's starts behind schedule.")
        case .generatorReference:
            own("generator_reference_p99", .gauge, .seconds, "How late a bare thread's timer was.")
        case .generatorLane:
            own("generator_lane_busy", .gauge, .none, "How busy the busiest lane was, 0 to 1.")
        case .generatorMemory: own("generator_memory", .gauge, .bytes, "Resident memory.")
        case .generatorDescriptors:
            own("generator_descriptors", .gauge, .none, "Open descriptors.")
        }
    }

    private func k6(_ base: String, _ kind: Kind, _ unit: Unit, _ help: String) -> Facts {
        Facts(family: "k6", base: base, kind: kind, unit: unit, help: help)
    }

    private func own(_ base: String, _ kind: Kind, _ unit: Unit, _ help: String) -> Facts {
        Facts(family: "spate", base: base, kind: kind, unit: unit, help: help)
    }
}

extension TelemetryMetric {
    /// The name in Prometheus: k6's own remote-write names where k6 has the metric.
    ///
    /// Counters end in `_total`, shares in `_rate`, trends in the statistic.
    package func prometheusName(statistic: Int? = nil) -> String {
        let facts = self.facts
        let name = "\(facts.family)_\(facts.base)"
        switch facts.kind {
        case .counter: return name + "_total"
        case .trend: return name + "_" + Self.statistics[statistic ?? 0]
        case .gauge:
            if self == .httpReqFailed || self == .checks { return name + "_rate" }
            switch facts.unit {
            case .seconds: return name + "_seconds"
            case .bytes: return name + "_bytes"
            case .none: return name
            }
        }
    }
}
