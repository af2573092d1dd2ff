package import Measurements
package import Primitives

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
    /// The rule.
    package var rule: ThresholdRule
    /// The metric's number; nil without samples, or where it lies beyond the slowest answer.
    ///
    /// Of a rule with a window or a span: the worst one.
    package var value: Double?
    /// As the scenario expects it: the rule holds, or breaks where a failure is expected.
    package var ok: Bool
    /// What became of it.
    package var state: State
    /// The second in which it first broke; nil when it never did.
    package var firstBroken: Double?
    /// For how many seconds it was broken at the longest without a pause; nil when never.
    package var brokenFor: Double?
    /// Values that went in.
    package var samples: Int
    /// True when it ended the run.
    package var endedRun = false

    /// Judges a rule.
    ///
    /// - Parameters:
    ///   - value: the metric's number, in the unit of the rule's limit; nil without samples.
    ///   - isBroken: whether the rule is broken; nil to compare the number with the limit.
    ///   - samples: values that went in; with none the rule is never met by itself.
    package init(_ rule: ThresholdRule, value: Double?, isBroken: Bool? = nil, samples: Int) {
        self.rule = rule
        self.samples = samples
        guard let value, samples > 0, !value.isNaN else {
            self.ok = rule.allowsEmpty
            self.state = rule.allowsEmpty ? .met : .noSamples
            return
        }
        // Slower than anything measured: no number to print, yet a number to judge by.
        self.value = value.isFinite ? value : nil
        let broken = isBroken ?? !rule.comparison.holds(value, rule.limit)
        self.ok = broken == rule.expectsFailure
        self.state = self.ok ? .met : .crossed
    }

    /// Evaluates rules over a record; a metric without samples never passes silently.
    ///
    /// Costs a pass over the run's seconds per rule. A rule that ended the run stays crossed with
    /// the number it had then, whatever followed while the run drained.
    package static func evaluate(
        _ rules: [ThresholdRule], _ record: RunRecord
    ) -> [ThresholdResult] {
        var watch = ThresholdWatch(rules: rules, manifest: record.manifest)
        for row in record.seconds { watch.add(row) }
        var results = watch.results
        if let abort = record.closing?.threshold, results.indices.contains(abort.rule) {
            results[abort.rule].end(abort)
        }
        return results
    }

    private mutating func end(_ abort: ThresholdAbort) {
        self.value = abort.value
        self.ok = false
        self.state = .crossed
        self.samples = max(1, self.samples)
        self.firstBroken = self.firstBroken ?? max(0, abort.at - 1)
        self.endedRun = true
    }
}
