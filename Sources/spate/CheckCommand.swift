import ArgumentParser
import Foundation
import Planning
import Scenarios

/// `spate check FILE`: says whether a scenario is valid, and everything that is wrong with it.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a scenario file and reports all its mistakes at once.",
        discussion: "Nothing is started and nothing is sent. An invalid scenario exits 104.")

    @OptionGroup var scenario: ScenarioArguments

    func run() async throws {
        try await reportingFailures {
            let loaded = try LoadedScenario(self.scenario)
            for note in loaded.scenario.notes {
                Console.note(
                    "\(self.scenario.file):\(note.location.line):\(note.location.column): note: "
                        + note.message)
            }
            // Valid elsewhere, so no mistake of the file: said, and left to the run to refuse.
            if let lack = ProtocolSupport.lack(loaded.plan) {
                Console.note("\(self.scenario.file): note: not on this machine: \(lack)")
            }
            for warning in loaded.plan.feederWarnings {
                Console.note("\(self.scenario.file): note: \(warning)")
            }
            for objection in ServerSide.objections(loaded.plan.probes) {
                Console.note("\(self.scenario.file): note: not now: probe \(objection)")
            }
            let count = loaded.plan.populations.count
            Console.result(
                "\(self.scenario.file): valid, \(count) population\(count == 1 ? "" : "s")"
                    + ServerSide.listed(loaded.scenario.probes))
            return .success
        }
    }
}
