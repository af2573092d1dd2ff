import Diagnosis
import Foundation
import Primitives

/// An investigation for people.
struct InvestigationText {
    private let found: Laboratory.Found
    private var investigation: Investigation { self.found.investigation }

    init(_ found: Laboratory.Found) {
        self.found = found
    }

    private var ending: String {
        switch self.investigation.ending {
        case .known, nil: "The cause is known."
        case .nothingToExplain: "There is nothing to find out."
        case .negligible: "No further experiment that this machine can make promises much."
        case .budget: "The budget is spent; --budget and --runs allow more."
        case .stopped: "Stopped by a signal."
        }
    }

    private func beliefs(_ beliefs: [Belief]) -> String {
        beliefs.prefix(3).map { "\($0.id) \(Int(($0.probability * 100).rounded())) %" }
            .joined(separator: ", ")
    }

    private var axes: String? {
        let ranked = self.investigation.axes
        guard let first = ranked.first, ranked.count > 1 else { return nil }
        let ratio = OnsetAxis.logRatio(
            first.score, over: ranked[1].score, runs: self.investigation.steps.count + 1)
        let odds = UnitText.trimmed((ratio * 10).rounded() / 10)
        return "What the runs' onsets have in common is \(first.axis.words) rather than "
            + "\(ranked[1].axis.words) (log10 of the odds \(odds))."
    }

    /// The lines for a terminal.
    var text: String {
        let conclusion = self.found.conclusion
        var lines = ["\(conclusion.grade.rawValue)  \(conclusion.sentence)", self.ending]
        if let axes = self.axes { lines.append(axes) }
        lines.append("")
        lines.append("  first run   \(self.beliefs(self.investigation.prior))")
        for step in self.investigation.steps {
            lines.append("  \(step.experiment)  \(step.what)")
            lines.append("      \(step.sentence)  ->  \(self.beliefs(step.beliefs))")
        }
        for refused in self.investigation.refused.sorted(by: { $0.key < $1.key }) {
            lines.append("  left out: \(refused.value)")
        }
        for remedy in self.found.remedies {
            lines.append("  remedy \(remedy.id)")
            if let predicted = remedy.predicted { lines.append("      predicted: \(predicted)") }
            if let measured = remedy.measured { lines.append("      measured: \(measured)") }
        }
        return lines.joined(separator: "\n")
    }

    /// The file `investigation.md`.
    var markdown: String {
        let conclusion = self.found.conclusion
        var output = "# Investigation\n\n**\(conclusion.grade.rawValue)**\n\n"
        output += "> \(conclusion.sentence)\n\n\(self.ending)\n\n"
        if let axes = self.axes { output += axes + "\n\n" }
        output += "| run | what was changed | bits expected | what came of it | would have refuted "
        output += "the leader | believed after it | folder |\n"
        output += "| --- | --- | --- | --- | --- | --- | --- |\n"
        output += "| first | nothing | | | | \(self.beliefs(self.investigation.prior)) | "
        output += "\(self.investigation.directory) |\n"
        for step in self.investigation.steps {
            let bits = UnitText.trimmed((step.gainBits * 100).rounded() / 100)
            output += "| \(step.experiment) | \(step.what) | \(bits) | \(step.sentence) | "
            output += "\(step.refutedBy ?? "–") | \(self.beliefs(step.beliefs)) | "
            output += "\(step.directory) |\n"
        }
        output += "\n"
        let refused = self.investigation.refused.sorted { $0.key < $1.key }
        if !refused.isEmpty {
            output += "Left out:\n\n" + refused.map { "- \($0.value)\n" }.joined() + "\n"
        }
        if !self.found.remedies.isEmpty {
            output += "| remedy | predicted | measured |\n| --- | --- | --- |\n"
            for remedy in self.found.remedies {
                output += "| \(remedy.id) | \(remedy.predicted ?? "–") | "
                output += "\(remedy.measured ?? "not measured") |\n"
            }
        }
        return output
    }
}
