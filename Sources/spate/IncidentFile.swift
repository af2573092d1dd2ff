import Diagnosis
import Foundation
import Primitives
import Scenarios

/// An incident file and what it allows to say.
struct IncidentFile {
    private let account: IncidentAccount
    /// The protocol's answer.
    let judged: SwitchOffProtocol

    /// Reads a file; nil when it is a scenario, or none that can be read.
    static func read(_ path: String) throws -> IncidentFile? {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 4_000_000,
            let text = String(data: data, encoding: .utf8),
            let account = try IncidentAccount.decode(text: text, file: path)
        else { return nil }
        return IncidentFile(account)
    }

    private init(_ account: IncidentAccount) {
        self.account = account
        var signs: [String: Int] = [:]
        for (item, finding) in account.findings {
            switch finding {
            case .overwhelmed: signs[item] = -1
            case .switchedOff: signs[item] = 1
            case .both: signs[item] = 0
            case .unknown: break
            }
        }
        self.judged = SwitchOffProtocol(signs)
    }

    /// The answer for a terminal.
    var text: String {
        let judged = self.judged
        let off = Int((judged.switchedOff * 100).rounded())
        var lines = ["\(judged.grade.rawValue)  \(self.account.name)", ""]
        switch judged.grade {
        case .leading:
            lines.append(
                "What is public leans to \(off >= 50 ? "a switch-off" : "an overwhelmed server"): "
                    + "switched off \(off) %, overwhelmed \(100 - off) %. An account is no "
                    + "measurement; more than a lean it cannot give.")
        default:
            lines.append(
                "What is public does not tell whether it was overwhelmed or switched off: "
                    + "switched off \(off) %, overwhelmed \(100 - off) %, as before looking.")
        }
        lines += ["", "Known"]
        lines += self.account.facts.map { "  \($0.at)  \($0.what) (\($0.source))" }
        let speaking = SwitchOffProtocol.items.filter { judged.weights[$0.id] != nil }
        if !speaking.isEmpty {
            lines += ["", "What it says (log10; above 0 for a switch-off)"]
            lines += speaking.map {
                let weight = judged.weights[$0.id] ?? 0
                return "  \(UnitText.trimmed(weight))  \($0.id)"
            }
        }
        lines += ["", "What would settle it"]
        lines += judged.missing.map {
            "  \($0.record): overwhelmed if \($0.overwhelmed); switched off if \($0.switchedOff)"
        }
        lines += [
            "",
            "Ways in which it may have happened can be run and told apart: a scenario of each, "
                + "and spate investigate.",
        ]
        return lines.joined(separator: "\n")
    }
}
