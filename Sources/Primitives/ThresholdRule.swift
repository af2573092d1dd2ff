/// A pass or fail rule over a metric, in k6's grammar with units (docs/thresholds.md).
///
/// The scenario's decoder makes it, the plan turns its spans into wall time, the run's directory
/// keeps it (`thresholds.json`) and the watch judges it: one value all the way.
package struct ThresholdRule: Sendable, Hashable {
    /// How the number is compared with the limit.
    package enum Relation: String, Sendable, Hashable, Codable, CaseIterable {
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

        /// Whether a value satisfies the rule.
        package func holds(_ value: Double, _ limit: Double) -> Bool {
            switch self {
            case .less: value < limit
            case .lessOrEqual: value <= limit
            case .greater: value > limit
            case .greaterOrEqual: value >= limit
            case .equal: value == limit
            case .notEqual: value != limit
            }
        }

        /// True when larger values satisfy it.
        package var isLowerBound: Bool { self == .greater || self == .greaterOrEqual }
    }
    /// What a rule that is not kept means for the run.
    package enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        /// The run is not as expected: exit 99.
        case error
        /// It is reported and nothing more.
        case warning
    }
    /// The metric, in k6's names: `http_req_failed`.
    package var metric: String
    /// Tags that select samples: `class`, `scenario`, `name`, `status`, or a population's own.
    package var tags: [String: String]
    /// The expression as written: `p(95)<500ms`.
    package var expression: String
    /// How the metric's values become one number.
    package var aggregation: MetricAggregation
    /// How the number is compared.
    package var comparison: Relation
    /// The limit in the metric's base unit: milliseconds, ratio, bytes or plain.
    package var limit: Double
    /// The phase whose samples count; the whole run when nil.
    package var phase: String?
    /// `for`: how long it must be broken without a pause to count; nil when at once.
    ///
    /// Story time in a scenario, wall time in a plan.
    package var lasting: Nanoseconds?
    /// `over`: the sliding window that is judged instead of everything so far; nil for none.
    ///
    /// Story time in a scenario, wall time in a plan.
    package var window: Nanoseconds?
    /// True when the run is only as expected if the rule is broken.
    package var expectsFailure: Bool
    /// What it means when it is not as expected.
    package var severity: Severity
    /// True when it ends the run as soon as it is broken.
    package var abortsRun: Bool
    /// How long after the run's start it may do so at the earliest.
    package var abortDelay: Nanoseconds
    /// True when a metric without samples passes.
    package var allowsEmpty: Bool
    /// The rule's own name.
    package var name: String?
    /// Its line in the scenario file, from 1.
    package var line: Int
    /// Its column there, from 1.
    package var column: Int

    /// A rule without conditions; they are members to set.
    package init(
        metric: String, tags: [String: String] = [:], expression: String,
        aggregation: MetricAggregation, comparison: Relation, limit: Double,
        phase: String? = nil, expectsFailure: Bool = false, allowsEmpty: Bool = false,
        name: String? = nil, line: Int = 1, column: Int = 1
    ) {
        self.metric = metric
        self.tags = tags
        self.expression = expression
        self.aggregation = aggregation
        self.comparison = comparison
        self.limit = limit
        self.phase = phase
        self.expectsFailure = expectsFailure
        self.severity = .error
        self.abortsRun = false
        self.abortDelay = .zero
        self.allowsEmpty = allowsEmpty
        self.name = name
        self.line = line
        self.column = column
    }

    /// The selector as k6 writes it: `http_req_failed{class:genuine}`.
    package var selector: String {
        guard !self.tags.isEmpty else { return self.metric }
        let inside = self.tags.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
        return "\(self.metric){\(inside.joined(separator: ","))}"
    }

    /// The expression with its conditions: `rate<1% over 10 s for 30 s in phase peak`.
    package var conditions: String {
        var text = self.expression
        if let window = self.window { text += " over \(UnitText.format(window))" }
        if let lasting = self.lasting { text += " for \(UnitText.format(lasting))" }
        if let phase = self.phase { text += " in phase \(phase)" }
        return self.expectsFailure ? text + ", expected to break" : text
    }

    /// True when only the end can tell: the number grows, or shrinks, towards its limit.
    ///
    /// `count>100` is broken by every run that has just begun.
    package var waitsForTheEnd: Bool {
        guard self.window == nil, self.lasting == nil else { return false }
        switch self.aggregation {
        case .count: return self.comparison.isLowerBound || self.comparison == .notEqual
        case .max: return self.comparison.isLowerBound
        case .min: return self.comparison == .less || self.comparison == .lessOrEqual
        default: return false
        }
    }
}

extension ThresholdRule: Codable {
    private enum CodingKeys: String, CodingKey {
        case metric, tags, expression, aggregation, comparison, limit, phase, lasting, window
        case expectsFailure, severity, abortsRun, abortDelay, allowsEmpty, name, line, column
    }

    /// Reads a rule; what an older Spate did not write has its default.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.metric = try values.decode(String.self, forKey: .metric)
        self.tags = try values.decodeIfPresent([String: String].self, forKey: .tags) ?? [:]
        self.expression = try values.decode(String.self, forKey: .expression)
        self.aggregation = try values.decode(MetricAggregation.self, forKey: .aggregation)
        self.comparison = try values.decode(Relation.self, forKey: .comparison)
        self.limit = try values.decode(Double.self, forKey: .limit)
        self.phase = try values.decodeIfPresent(String.self, forKey: .phase)
        self.lasting = try values.decodeIfPresent(Nanoseconds.self, forKey: .lasting)
        self.window = try values.decodeIfPresent(Nanoseconds.self, forKey: .window)
        self.expectsFailure =
            try values.decodeIfPresent(Bool.self, forKey: .expectsFailure) ?? false
        self.severity = try values.decodeIfPresent(Severity.self, forKey: .severity) ?? .error
        self.abortsRun = try values.decodeIfPresent(Bool.self, forKey: .abortsRun) ?? false
        self.abortDelay =
            try values.decodeIfPresent(Nanoseconds.self, forKey: .abortDelay) ?? .zero
        self.allowsEmpty = try values.decodeIfPresent(Bool.self, forKey: .allowsEmpty) ?? false
        self.name = try values.decodeIfPresent(String.self, forKey: .name)
        self.line = try values.decodeIfPresent(Int.self, forKey: .line) ?? 1
        self.column = try values.decodeIfPresent(Int.self, forKey: .column) ?? 1
    }
}
