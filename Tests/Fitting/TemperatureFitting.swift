package import Diagnosis
import Foundation

/// How sure weights are of themselves, and how sure they may be.
package struct Scores: Sendable, Hashable {
    /// log10 of each explanation's score, up to a constant.
    package var scores: [String: Double]
    /// The true one.
    package var truth: String

    /// Scores of a run whose cause is known.
    package init(scores: [String: Double], truth: String) {
        self.scores = scores
        self.truth = truth
    }

    /// Probabilities at a temperature: softmax(L ln 10 / T).
    package func probabilities(_ temperature: Double) -> [String: Double] {
        let largest = self.scores.values.max() ?? 0
        let powers = self.scores.mapValues { pow(10, ($0 - largest) / temperature) }
        let sum = powers.values.reduce(0, +)
        return powers.mapValues { $0 / sum }
    }

    /// The explanation with the best score; the first by name among equals.
    package var leader: String? {
        self.scores.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}

extension Scores {
    /// A truth that was vetoed is as wrong as an explanation can be, not infinitely so.
    package static let floor = 1e-6

    /// The mean of -ln p(truth), in nats.
    package static func logLoss(_ runs: [Scores], temperature: Double) -> Double {
        guard !runs.isEmpty else { return 0 }
        let sum = runs.reduce(0.0) { sum, run in
            sum - log(max(self.floor, run.probabilities(temperature)[run.truth] ?? 0))
        }
        return sum / Double(runs.count)
    }

    /// The temperature between 0.2 and 20 with the least log loss, to a thousandth.
    ///
    /// By golden section over ln T: the loss has one minimum in T (Guo et al., ICML 2017), up to
    /// the floor.
    package static func temperature(_ runs: [Scores]) -> Double {
        var low = log(0.2)
        var high = log(20.0)
        let ratio = (5.0.squareRoot() - 1) / 2
        func loss(_ place: Double) -> Double {
            self.logLoss(runs, temperature: exp(place))
        }
        var left = high - ratio * (high - low)
        var right = low + ratio * (high - low)
        var (leftLoss, rightLoss) = (loss(left), loss(right))
        while high - low > 1e-4 {
            if leftLoss <= rightLoss {
                (high, right, rightLoss) = (right, left, leftLoss)
                left = high - ratio * (high - low)
                leftLoss = loss(left)
            } else {
                (low, left, leftLoss) = (left, right, rightLoss)
                right = low + ratio * (high - low)
                rightLoss = loss(right)
            }
        }
        return (exp((low + high) / 2) * 1_000).rounded() / 1_000
    }

    /// The share of runs whose truth leads.
    package static func accuracy(_ runs: [Scores]) -> Double {
        guard !runs.isEmpty else { return 0 }
        return Double(runs.filter { $0.leader == $0.truth }.count) / Double(runs.count)
    }

    /// What runs of each truth were taken for: a line per truth, the commonest answers first.
    package static func confusion(_ runs: [Scores]) -> [String] {
        Dictionary(grouping: runs) { $0.truth }.sorted { $0.key < $1.key }.map { truth, runs in
            let answers = Dictionary(grouping: runs) { $0.leader ?? "-" }.mapValues(\.count)
                .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let text = answers.prefix(4).map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            return
                "\(truth): \(answers.first { $0.key == truth }?.value ?? 0) of \(runs.count); \(text)"
        }
    }

    /// Scores of runs under weights: with the server's samples, and from the clients' side alone.
    package static func all(_ runs: [LabelledOutcomes], _ weights: Weights) -> [Scores] {
        self.of(runs, weights, \.tests) + self.of(runs, weights, \.clientTests)
    }

    /// Scores of runs under weights by one of their two lists of tests.
    package static func of(
        _ runs: [LabelledOutcomes], _ weights: Weights,
        _ tests: KeyPath<LabelledOutcomes, [FoundTest]>
    ) -> [Scores] {
        var plain = weights
        plain.temperature = 1
        return runs.map { run in
            Scores(scores: plain.logProbabilities(run[keyPath: tests]), truth: run.truth)
        }
    }
}
