package import Primitives

/// A finished run's metrics by k6's names, for thresholds.
///
/// Attempts belong to the phase in which they ended, intents to the one in which they arrived.
/// Parts of requests are kept per ten seconds, so a phase's share of them is as exact as that.
package struct MetricStore: Sendable {
    private let record: RunRecord

    /// The metrics of a record.
    package init(record: RunRecord) {
        self.record = record
    }

    /// A metric's samples, of the whole run or of one phase.
    ///
    /// Tags: `class`, `scenario` (the population), `name` (the step), `status` (the outcome's
    /// name), `expected_response` and a population's own. Times are kept per population: a `name`
    /// selects them only where it is the population's only step, `status` never. Costs a pass over
    /// the run's seconds.
    /// - Returns: nil when there is no such metric or phase, or when the tags ask for more than was
    ///   kept.
    package func values(
        metric: String, tags: [String: String] = [:], phase: String? = nil
    ) -> MetricSamples? {
        guard
            let reader = MetricReader(
                metric: metric, tags: tags, phase: phase, of: self.record.manifest)
        else { return nil }
        return self.record.seconds.reduce(into: nil as MetricSamples?) { sum, row in
            let samples = reader.samples(of: row)
            if sum?.append(samples) == nil { sum = samples }
        }
    }

    /// One number of a metric's samples; nil without samples, or where there is no such metric.
    package func number(
        metric: String, _ aggregation: MetricAggregation, tags: [String: String] = [:],
        phase: String? = nil
    ) -> Double? {
        guard let samples = self.values(metric: metric, tags: tags, phase: phase),
            let reader = MetricReader(
                metric: metric, tags: tags, phase: phase, of: self.record.manifest)
        else { return nil }
        return reader.number(samples, aggregation)
    }
}
