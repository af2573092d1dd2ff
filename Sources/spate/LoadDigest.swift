import Foundation
import Reporting
import Scenarios

/// What makes the load, as a digest: equal for runs that ask the same of different servers.
enum LoadDigest {
    /// The digest of a scenario's text as resolved, and of the factor of its rates.
    ///
    /// The target is what is compared, the seed may differ from run to run, and thresholds judge
    /// a run without changing it: none of the three counts.
    static func of(text: String, rateFactor: Double) -> String {
        let load = Scenario.redactedText(
            of: text,
            overrides: [("target", "\"-\""), ("seed", "1"), ("thresholds", "{}")])
        return ContentDigest.sha256(Array("\(rateFactor)\n\(load)".utf8))
    }

    /// The digest of a run whose scenario lies beside its report; nil where it does not.
    static func of(folder: String, _ report: Report) -> String? {
        guard let data = FileManager.default.contents(atPath: folder + "/scenario.yaml") else {
            return nil
        }
        return self.of(
            text: String(decoding: data, as: UTF8.self),
            rateFactor: self.rateFactor(in: report.run.command))
    }

    /// `--rate-factor` of a command as recorded: the scenario's text does not hold it.
    static func rateFactor(in command: String) -> Double {
        let words = command.split(separator: " ").map(String.init)
        for (index, word) in words.enumerated() {
            if word == "--rate-factor", index + 1 < words.count {
                return Double(words[index + 1]) ?? 1
            }
            if word.hasPrefix("--rate-factor=") { return Double(word.dropFirst(14)) ?? 1 }
        }
        return 1
    }
}
