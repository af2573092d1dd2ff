import ArgumentParser
import Foundation
import Planning

/// `spate doctor`: what this machine offers a generator, and how to get more.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks this machine: its limits, its timers, its disk and the linked libcurl.",
        discussion: """
            With a scenario it also shows what that needs of each resource.
            Exits 0 when runs can be trusted here, 95 when something would make them invalid \
            (or, with a scenario, when it would be refused).
            """)

    @Argument(
        help: ArgumentHelp("A scenario to hold against the machine.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var scenario: String?

    @OptionGroup var sources: SourceArguments

    @Flag(name: .long, help: "Print the checks as JSON.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let outline = try self.outline()
            let checks = DoctorChecks.all(DoctorFacts.gather())
            if self.json {
                Console.raw(try JSONText.pretty(DoctorResult(checks: checks, outline: outline)))
            } else {
                Console.raw(self.text(checks))
                if let outline { Console.raw("\n" + outline.renderResources()) }
            }
            if let outline { try self.sources.refuse(outline) }
            return checks.contains { $0.state == .failing } ? .inconclusive : .success
        }
    }

    /// The scenario's plan, held against this machine.
    private func outline() throws -> PlanOutline? {
        guard let scenario = self.scenario else {
            _ = try self.sources.addresses()
            return nil
        }
        MachineFacts.raiseDescriptorLimit()
        let plan = try LoadedScenario(try ScenarioArguments.parse([scenario])).plan
        return plan.outline(
            machine: MachineFacts.limits(
                for: plan, sources: try self.sources.addresses().count, directory: "reports"))
    }

    /// The checks as a table, each with its remedies below it.
    private func text(_ checks: [DoctorCheck]) -> String {
        let width = checks.map(\.title.count).max() ?? 0
        var lines: [String] = []
        for check in checks {
            let state = check.state.rawValue.padded(to: 4)
            lines.append("\(state)  \(check.title.padded(to: width))  \(check.value)")
            for (index, remedy) in check.remedies.enumerated() {
                let word = index == 0 ? "mend it:" : "or:"
                lines.append("      \(word.padded(to: 8)) \(remedy)")
            }
        }
        let worst = checks.map(\.state).max() ?? .fine
        lines.append("")
        switch worst {
        case .fine: lines.append("This machine is fit for runs that count.")
        case .warning:
            lines.append("Nothing here makes a run invalid by itself; see the warnings.")
        case .failing: lines.append("Runs on this machine would be invalid; see what fails.")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// What `doctor --json` prints.
private struct DoctorResult: Encodable {
    var schema = "spate/doctor/1"
    var ok: Bool
    var checks: [DoctorCheck]
    /// The scenario's needs; left out without a scenario.
    var resources: [ResourceNeed]?

    init(checks: [DoctorCheck], outline: PlanOutline?) {
        self.checks = checks
        self.resources = outline?.resources
        self.ok =
            !checks.contains { $0.state == .failing } && outline?.refused.isEmpty ?? true
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - self.count))
    }
}
