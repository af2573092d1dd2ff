package import Diagnosis
import Foundation

/// Weights out of labelled runs (research: diagnosis, 3.12, item 2).
///
/// For each test, each of its two outcomes and each explanation h:
/// `w = log10(rate of the outcome where h is true / its rate where h is not)`, each rate smoothed
/// by Laplace, (k + 1) / (n + 2), over the runs in which the test could be made, and w clipped to
/// 2 either way. Where h is not true all other explanations count alike, however many runs each
/// has: healthy runs are many because they are cheap, not because they are likely.
package struct WeightFitting: Sendable {
    /// How often a test could be made, and how often it fired.
    struct Count: Sendable, Hashable {
        var made = 0
        var fired = 0

        mutating func add(_ times: Int, fired: Int) {
            self.made += times
            self.fired += fired
        }

        /// The smoothed rate of an outcome.
        func rate(_ outcome: TestOutcome) -> Double {
            let count = outcome == .fired ? self.fired : self.made - self.fired
            return Double(count + 1) / Double(self.made + 2)
        }
    }
    /// Counts by test and truth.
    private(set) var counts: [String: [String: Count]] = [:]
    /// Counts by test and overlay, where it is true and where it is not.
    private(set) var overlayCounts: [String: [String: (yes: Count, no: Count)]] = [:]
    /// Weights nearer to 0 say too little to be written down.
    package static let least = 0.05

    private let overlays: [String]

    /// Counts runs.
    ///
    /// - Parameter overlays: The overlays' ids: judged beside the cause, yes or no.
    package init(_ runs: [LabelledOutcomes], overlays: [String]) {
        self.overlays = overlays
        for run in runs { self.count(run, times: 1) }
    }

    /// Counts a run so many times; a negative number takes it out again.
    package mutating func count(_ run: LabelledOutcomes, times: Int) {
        for found in run.tests where found.outcome != .notApplicable {
            let fired = found.outcome == .fired ? times : 0
            self.counts[found.test, default: [:]][run.truth, default: Count()]
                .add(times, fired: fired)
            for overlay in self.overlays {
                var pair =
                    self.overlayCounts[found.test]?[overlay] ?? (yes: Count(), no: Count())
                if run.overlays.contains(overlay) {
                    pair.yes.add(times, fired: fired)
                } else {
                    pair.no.add(times, fired: fired)
                }
                self.overlayCounts[found.test, default: [:]][overlay] = pair
            }
        }
    }

    /// A file with fitted numbers in place of those that runs speak of.
    ///
    /// What no labelled run speaks of keeps the old file's number: an explanation that was never
    /// true, a test that was never made. `UNKNOWN` has no weights: it predicts nothing.
    package func weights(_ old: Weights) -> Weights {
        var new = old
        for (test, counted) in self.counts {
            let truths = counted.filter { $0.value.made > 0 }
            var row = old.tests[test] ?? Weights.Test(fired: [:], clear: [:])
            let known = truths.keys.filter { $0 != "UNKNOWN" }
            for truth in known {
                let others = truths.filter { $0.key != truth }
                guard let count = truths[truth], !others.isEmpty else { continue }
                row.fired[truth] = WeightFitting.weight(count, others.values, .fired)
                row.clear[truth] = WeightFitting.weight(count, others.values, .clear)
            }
            for (overlay, pair) in self.overlayCounts[test] ?? [:]
            where min(pair.yes.made, pair.no.made) >= 5 {
                row.fired[overlay] = WeightFitting.weight(pair.yes, [pair.no], .fired)
                row.clear[overlay] = WeightFitting.weight(pair.yes, [pair.no], .clear)
            }
            // A family's own number would stand in for mechanisms whose fitted one is 0.
            let fitted = Set(known)
            for family in Family.allCases where !fitted.contains(family.rawValue) {
                let members = Mechanism.allCases.filter { $0.family == family && !$0.isOverlay }
                guard members.allSatisfy({ fitted.contains($0.rawValue) }) else { continue }
                row.fired[family.rawValue] = nil
                row.clear[family.rawValue] = nil
            }
            new.tests[test] = row
        }
        return new
    }

    /// One weight, to hundredths.
    ///
    /// Numbers too small to matter are written as 0 rather than left out, so that a family's number
    /// does not take their place.
    static func weight(
        _ own: Count, _ others: some Collection<Count>, _ outcome: TestOutcome
    ) -> Double {
        let rest = others.reduce(0.0) { $0 + $1.rate(outcome) } / Double(others.count)
        let weight = log10(own.rate(outcome) / rest)
        let clipped = min(2, max(-2, weight))
        return abs(clipped) < self.least ? 0 : (clipped * 100).rounded() / 100
    }
}
