import Diagnosis
import Fitting
import Foundation

/// One fit: the weights, and how good they and their parts are on real runs that were left out.
struct Fit {
    /// What was set by hand.
    let hand: Weights
    /// The outcome.
    let weights: Weights
    /// Lines for people.
    let account: [String]

    /// Fewer real runs than this say nothing of a temperature.
    private static let enough = 20

    init(
        _ made: [LabelledOutcomes], _ real: [LabelledOutcomes], _ options: Options,
        overlays: [String]
    ) throws {
        let hand = try Weights(json: Array(Data(contentsOf: URL(fileURLWithPath: options.hand))))
        var counts = WeightFitting(made, overlays: overlays)
        for run in real { counts.count(run, times: options.worth) }
        let blended = BlendedWeights(hand: hand, share: options.share)
        var weights = blended.with(counts.weights(hand))
        // Each real run is judged by weights that never saw it.
        let named = real.filter { $0.truth != "UNKNOWN" }
        let without = named.map { run in
            var rest = counts
            rest.count(run, times: -options.worth)
            return rest.weights(hand)
        }
        func judged(
            _ weights: (Int) -> Weights, _ tests: KeyPath<LabelledOutcomes, [FoundTest]>
        ) -> [Scores] {
            named.indices.flatMap { Scores.of([named[$0]], weights($0), tests) }
        }
        var account: [String] = []
        var temperature = hand.temperature
        let candidates: [(name: String, weights: (Int) -> Weights)] = [
            ("by hand", { _ in hand }), ("counted", { without[$0] }),
            ("blended", { blended.with(without[$0]) }),
        ]
        var confused: [String] = []
        for (name, weights) in candidates {
            let sampled = judged(weights, \.tests)
            let alone = judged(weights, \.clientTests)
            temperature =
                named.count >= Fit.enough ? Scores.temperature(sampled + alone) : hand.temperature
            for (side, runs) in [("with the server's samples", sampled), ("clients alone", alone)] {
                account.append(Fit.line(name, side, runs, temperature: temperature))
            }
            confused = Scores.confusion(alone).map { "  \($0)" }
        }
        let simulated = Scores.all(made, weights).filter { $0.truth != "UNKNOWN" }
        account.append(Fit.line("blended", "simulated", simulated, temperature: temperature))
        account += confused
        weights.temperature = temperature
        self.hand = hand
        self.weights = weights
        self.account = account
    }

    private static func line(
        _ name: String, _ side: String, _ runs: [Scores], temperature: Double
    ) -> String {
        let right = String(format: "%.1f %%", 100 * Scores.accuracy(runs))
        let loss = String(format: "%.3f", Scores.logLoss(runs, temperature: temperature))
        let heat = String(format: "%.3f", temperature)
        return "\(name), \(side): right \(right) of \(runs.count), log loss \(loss) at \(heat)"
    }
}
