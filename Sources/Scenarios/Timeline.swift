package import Primitives

/// What a labelled event means.
package enum EventKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// What sets the trouble off.
    case trigger
    /// What people notice.
    case symptom
    /// What is done against it.
    case mitigation
    /// What makes it whole again.
    case recovery
    /// Anything else.
    case info
}

/// An event drawn into every chart; with a request it also does something.
package struct TimelineEvent: Sendable {
    /// When, in story time from the run's start.
    package var at: Nanoseconds
    /// One line for charts and tables.
    package var label: String
    /// What it means.
    package var kind: EventKind
    /// A request sent then, outside every population.
    package var request: RequestSpec?
    /// Where it stands in the file.
    package var location: SourceLocation

    /// An event.
    package init(
        at: Nanoseconds, label: String, kind: EventKind = .info, request: RequestSpec? = nil,
        location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.at = at
        self.label = label
        self.kind = kind
        self.request = request
        self.location = location
    }
}

/// A pass or fail rule over a metric, in k6's grammar with units.
package struct ThresholdRule: Sendable, Hashable, Codable {
    /// How a metric's values become one number.
    package enum Aggregation: Sendable, Hashable, Codable {
        /// The arithmetic mean.
        case avg
        /// The smallest.
        case min
        /// The largest.
        case max
        /// The median.
        case med
        /// How many, or their sum for counters.
        case count
        /// The share of non-zero values, or events per second for counters.
        case rate
        /// The last value.
        case value
        /// A percentile, 0 to 100.
        case percentile(Double)
    }
    /// How the number is compared.
    package enum Comparison: String, Sendable, Hashable, Codable, CaseIterable {
        /// Below.
        case less = "<"
        /// At most.
        case lessOrEqual = "<="
        /// Above.
        case greater = ">"
        /// At least.
        case greaterOrEqual = ">="
        /// Equal.
        case equal = "=="
        /// Different.
        case notEqual = "!="
    }
    /// The metric, in k6's names: `http_req_failed`.
    package var metric: String
    /// Tags that select samples: `class`, `scenario`, `name`, or a population's own.
    package var tags: [String: String]
    /// The expression as written: `p(95)<500ms`.
    package var expression: String
    /// How the metric's values become one number.
    package var aggregation: Aggregation
    /// How the number is compared.
    package var comparison: Comparison
    /// The limit in the metric's base unit: milliseconds, ratio, bytes or plain.
    package var limit: Double
    /// The phase whose samples count; the whole run when nil.
    package var phase: String?
    /// True when the run is only as expected if the rule is crossed.
    package var expectsFailure: Bool
    /// True when a metric without samples passes.
    package var allowsEmpty: Bool
    /// The rule's own name.
    package var name: String?
    /// Where it stands in the file.
    package var location: SourceLocation

    /// A rule; `ThresholdParsing` makes them from text.
    package init(
        metric: String, tags: [String: String] = [:], expression: String,
        aggregation: Aggregation, comparison: Comparison, limit: Double, phase: String? = nil,
        expectsFailure: Bool = false, allowsEmpty: Bool = false, name: String? = nil,
        location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.metric = metric
        self.tags = tags
        self.expression = expression
        self.aggregation = aggregation
        self.comparison = comparison
        self.limit = limit
        self.phase = phase
        self.expectsFailure = expectsFailure
        self.allowsEmpty = allowsEmpty
        self.name = name
        self.location = location
    }

    /// The selector as k6 writes it: `http_req_failed{class:genuine}`.
    package var selector: String {
        guard !self.tags.isEmpty else { return self.metric }
        let inside = self.tags.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
        return "\(self.metric){\(inside.joined(separator: ","))}"
    }
}
