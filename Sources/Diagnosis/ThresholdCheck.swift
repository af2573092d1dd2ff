/// A pass or fail rule over a metric, as the run's plan had it.
///
/// The command line makes it from the scenario's rule and keeps it in the run's directory.
package struct ThresholdCheck: Sendable, Hashable, Codable {
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
    /// How the number is compared with the limit.
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
    }
    /// The selector as written: `http_req_failed{class:genuine}`.
    package var selector: String
    /// The metric, in k6's names.
    package var metric: String
    /// Tags that select samples.
    package var tags: [String: String]
    /// The expression as written: `p(95)<500ms`.
    package var expression: String
    /// How the metric's values become one number.
    package var aggregation: Aggregation
    /// How the number is compared.
    package var comparison: Comparison
    /// The limit in the metric's base unit.
    package var limit: Double
    /// The phase whose samples count; the whole run when nil.
    package var phase: String?
    /// True when the run is only as expected if the rule is crossed.
    package var expectsFailure: Bool
    /// True when a metric without samples passes.
    package var allowsEmpty: Bool
    /// The rule's own name.
    package var name: String?

    /// A rule.
    package init(
        selector: String, metric: String, tags: [String: String] = [:], expression: String,
        aggregation: Aggregation, comparison: Comparison, limit: Double, phase: String? = nil,
        expectsFailure: Bool = false, allowsEmpty: Bool = false, name: String? = nil
    ) {
        self.selector = selector
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
    }
}

/// A rule, evaluated.
package struct ThresholdResult: Sendable, Hashable {
    /// What became of the rule.
    package enum State: String, Sendable, Hashable, Codable {
        /// As the scenario expects it.
        case met
        /// Not as the scenario expects it.
        case crossed
        /// Nothing to judge by: inconclusive, unless the rule allows that.
        case noSamples = "no_samples"
    }
    /// The selector as written.
    package var selector: String
    /// The expression as written.
    package var expression: String
    /// The phase whose samples counted; nil for the whole run.
    package var phase: String?
    /// The metric's number; nil without samples, or where it lies beyond the slowest answer.
    package var value: Double?
    /// As the scenario expects it: the rule holds, or breaks where a failure is expected.
    package var ok: Bool
    /// What became of it.
    package var state: State
    /// When it first broke in seconds; nil until rules are watched while a run is on.
    package var firstBroken: Double?
    /// The span asked for by the rule; nil until rules can ask for one.
    package var span: Double?
    /// The rule's own name.
    package var name: String?
    /// True when the run is only as expected if the rule breaks.
    package var expectsFailure: Bool
    /// Values that went in.
    package var samples: Int

    /// Judges a rule by its metric's number.
    ///
    /// - Parameters:
    ///   - value: the metric's number, in the unit of the rule's limit; nil without samples.
    ///   - samples: values that went in; with none the rule is never met by itself.
    package init(_ check: ThresholdCheck, value: Double?, samples: Int) {
        self.selector = check.selector
        self.expression = check.expression
        self.phase = check.phase
        self.name = check.name
        self.expectsFailure = check.expectsFailure
        self.samples = samples
        guard let value, samples > 0, !value.isNaN else {
            self.ok = check.allowsEmpty
            self.state = check.allowsEmpty ? .met : .noSamples
            return
        }
        // Slower than anything measured: no number to print, yet a number to judge by.
        self.value = value.isFinite ? value : nil
        self.ok = check.comparison.holds(value, check.limit) != check.expectsFailure
        self.state = self.ok ? .met : .crossed
    }
}
