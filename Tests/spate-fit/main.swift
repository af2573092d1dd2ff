import Diagnosis
import Fitting
import Foundation
import Measurements
import TestSupport

// Fits Sources/Diagnosis/weights.json: `make fit` (docs/validation.md).

/// The command line.
struct Options {
    var draws = 60
    var runs = "reports/validation/runs"
    var hand = "Tests/Fitting/hand.json"
    var out = "Sources/Diagnosis/weights.json"
    /// How many simulated runs a real one counts for.
    var worth = 20
    /// The share of the hand-set numbers.
    var share = 0.7
    var dump: String?
    var version: String?

    init(_ words: [String]) {
        var words = words[...]
        while let word = words.popFirst() {
            guard let value = words.popFirst() else { Options.fail("\(word) needs a value") }
            switch word {
            case "--draws":
                guard let count = Int(value), count >= 3 else {
                    Options.fail("--draws takes a number from 3 up, not \(value)")
                }
                self.draws = count
            case "--worth":
                guard let count = Int(value), count >= 1 else {
                    Options.fail("--worth takes a number from 1 up, not \(value)")
                }
                self.worth = count
            case "--share":
                guard let share = Double(value), (0...1).contains(share) else {
                    Options.fail("--share takes a number from 0 to 1, not \(value)")
                }
                self.share = share
            case "--runs": self.runs = value
            case "--hand": self.hand = value
            case "--out": self.out = value
            case "--dump": self.dump = value
            case "--version": self.version = value
            default:
                Options.fail(
                    "\(word) is no option; there are --draws, --worth, --share, --runs, --hand, --out, "
                        + "--version, --dump")
            }
        }
    }

    static func fail(_ text: String) -> Never {
        FileHandle.standardError.write(Data("spate-fit: \(text)\n".utf8))
        exit(64)
    }
}

let options = Options(Array(CommandLine.arguments.dropFirst()))
let overlays = Mechanism.allCases.filter(\.isOverlay).map(\.rawValue)

/// Plays all draws, as many at a time as there are cores.
func simulated(_ draws: Int) async -> [LabelledOutcomes] {
    let wanted = LabelledRun.labels.flatMap { label in (0..<draws).map { (label, $0) } }
    return await withTaskGroup(of: LabelledOutcomes?.self) { group in
        var found: [LabelledOutcomes] = []
        for (label, number) in wanted {
            group.addTask {
                let run = LabelledRun.draw(label, number: number)
                // What nobody could notice is no example of its mechanism.
                let record = run.record()
                if label != "HEALTHY", !LabelledRun.hasImpact(record) { return nil }
                return LabelledOutcomes(run, record)
            }
        }
        // What retries add is judged beside the cause.
        for number in 0..<draws {
            group.addTask {
                let run = LabelledRun.storm(number: number)
                var outcomes = LabelledOutcomes(run, run.record())
                outcomes.id = "storm-\(number)"
                return outcomes
            }
        }
        for await run in group {
            if let run { found.append(run) }
        }
        return found.sorted { ($0.truth, $0.id) < ($1.truth, $1.id) }
    }
}

do {
    let began = ContinuousClock.now
    let made = await simulated(options.draws)
    let real = try LabelledOutcomes.summaries(in: options.runs)
    print("\(made.count) simulated runs in \(ContinuousClock.now - began), \(real.count) real ones")
    let fit = try Fit(made, real, options, overlays: overlays)
    for line in fit.account { print(line) }
    var new = fit.weights
    new.version = options.version ?? "\(fit.hand.version)+1"
    new.source =
        "made by make fit: \(options.share) of the numbers set by hand (\(fit.hand.version)) and the "
        + "rest counted in \(made.count) simulated runs (draws 0 to \(options.draws - 1) of "
        + "\(LabelledRun.labels.count) labels) and \(real.count) real ones, each counted "
        + "\(options.worth) times; temperature by log loss on real runs, each left out in its turn"
    let data = try WeightsText.encode(new)
    // A file that the program itself would refuse must not be written.
    _ = try Weights(json: Array(data))
    try data.write(to: URL(fileURLWithPath: options.out))
    print("\(options.out): version \(new.version)")
    if let dump = options.dump {
        var lines = "id,truth,source,region,test,outcome\n"
        for run in made + real {
            for test in run.tests {
                lines += "\(run.id),\(run.truth),\(run.source),\(run.region),\(test.test),"
                lines += "\(test.outcome.rawValue)\n"
            }
        }
        try Data(lines.utf8).write(to: URL(fileURLWithPath: dump))
    }
} catch {
    Options.fail("\(error)")
}
