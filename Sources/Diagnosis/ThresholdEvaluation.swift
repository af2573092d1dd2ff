package import Measurements

extension ThresholdResult {
    /// Evaluates rules over a record; a metric without samples never passes silently.
    ///
    /// Costs a pass over the run's seconds per rule.
    package static func evaluate(
        _ checks: [ThresholdCheck], _ record: RunRecord
    ) -> [ThresholdResult] {
        let store = MetricStore(record: record)
        return checks.map { check in
            let values = store.values(metric: check.metric, tags: check.tags, phase: check.phase)
            guard let values else { return ThresholdResult(check, value: nil, samples: 0) }
            return ThresholdResult(
                check, value: values.aggregate(check.aggregation.measured),
                samples: ThresholdResult.samples(values, check, store))
        }
    }

    /// How many samples stand behind a number.
    ///
    /// A counter at zero is a fact only if the selection saw any intent or request at all:
    /// otherwise a mistyped tag would make `count==0` pass.
    private static func samples(
        _ values: MetricSamples, _ check: ThresholdCheck, _ store: MetricStore
    ) -> Int {
        switch values {
        case .share(_, let whole): return whole
        case .gauge(let list): return list.count
        case .trend(let good, let censored): return good.total + censored.total
        case .counter(let sum, _):
            guard sum == 0 else { return Int(sum) }
            return ["http_reqs", "iterations", "dropped_iterations"].reduce(0) { total, metric in
                let seen = store.values(metric: metric, tags: check.tags, phase: check.phase)
                guard case .counter(let count, _)? = seen else { return total }
                return total + Int(count)
            }
        }
    }
}

extension ThresholdCheck.Aggregation {
    /// The same in the words of the measurements.
    var measured: MetricAggregation {
        switch self {
        case .avg: .avg
        case .min: .min
        case .max: .max
        case .med: .med
        case .count: .count
        case .rate: .rate
        case .value: .value
        case .percentile(let percent): .p(percent)
        }
    }
}
