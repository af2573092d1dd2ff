package import Diagnosis

/// Numbers of two files in one: what people set by hand, and what was counted.
///
/// Counts alone know only what they were shown: simulated runs have no noise of real ones, and
/// outcomes of one run depend on each other, which counting test by test does not see. Hand-set
/// numbers alone are as sure as their author. The mean of both in log10, a geometric mean of Bayes
/// factors, was better on runs left out than either (docs/validation.md).
package struct BlendedWeights: Sendable {
    /// What was set by hand.
    package let hand: Weights
    /// The share of the hand-set number, 0 to 1.
    package let share: Double

    /// Blends with these.
    package init(hand: Weights, share: Double) {
        self.hand = hand
        self.share = share
    }

    /// The blend with fitted weights: a number for each explanation, none for families.
    package func with(_ fitted: Weights) -> Weights {
        var result = fitted
        for test in Set(fitted.tests.keys).union(self.hand.tests.keys) {
            var row = Weights.Test(fired: [:], clear: [:])
            row.fired = self.blend(test, fitted, \.fired)
            row.clear = self.blend(test, fitted, \.clear)
            result.tests[test] = row
        }
        return result
    }

    private func blend(
        _ test: String, _ fitted: Weights, _ part: KeyPath<Weights.Test, [String: Double]>
    ) -> [String: Double] {
        let given = self.hand.tests[test]?[keyPath: part] ?? [:]
        let counted = fitted.tests[test]?[keyPath: part] ?? [:]
        var row: [String: Double] = [:]
        for mechanism in Mechanism.allCases {
            let id = mechanism.rawValue
            guard !mechanism.isOverlay else {
                // It rests on the tests that were made for it; counts of all others know only the
                // company it keeps.
                row[id] = given[id]
                continue
            }
            let family = mechanism.family.rawValue
            row[id] = self.mean(given[id] ?? given[family], counted[id] ?? counted[family])
        }
        row["HEALTHY"] = self.mean(given["HEALTHY"], counted["HEALTHY"])
        return row
    }

    /// To hundredths; nil of nothing.
    private func mean(_ given: Double?, _ counted: Double?) -> Double? {
        guard given != nil || counted != nil else { return nil }
        let value = self.share * (given ?? 0) + (1 - self.share) * (counted ?? 0)
        return abs(value) < WeightFitting.least ? nil : (value * 100).rounded() / 100
    }
}
