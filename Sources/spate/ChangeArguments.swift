import ArgumentParser
import Foundation
import Planning
import Primitives
import Scenarios
import Transport

/// The arguments that change a scenario as a whole: an experiment, a remedy.
struct ChangeArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Change the scenario for an experiment of the catalogue, E1 to E15; see \
            docs/investigate.md.
            """,
            valueName: "id"), completion: .list((1...15).map { "E\($0)" }))
    var experiment: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Turn a knob that might have avoided the outage, such as bounded-queue or shedding=40.",
            valueName: "id[=value]"),
        completion: .list([
            "bounded-queue", "shedding", "retry-budget", "more-workers", "limiter-per-device",
            "larger-spool", "triage",
        ]))
    var remedy: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The capacity that --experiment E11 stays under, such as 40/s.", valueName: "rate"),
        completion: .list(["40/s"]))
    var capacity: String?

    func validate() throws {
        if let capacity, (try? UnitText.rate(capacity)) == nil {
            throw ValidationError("--capacity: '\(capacity)' is no rate such as 40/s")
        }
    }

    /// What changes; nil for nothing.
    var change: ScenarioChange? {
        guard self.experiment != nil || self.remedy != nil else { return nil }
        return ScenarioChange(
            experiment: self.experiment?.uppercased(), remedy: self.remedy,
            capacity: self.capacity.flatMap { try? UnitText.rate($0) }?.perSecond)
    }
}

/// A change of a scenario as a whole.
struct ScenarioChange {
    /// The experiment's id.
    var experiment: String?
    /// The remedy, with its value if it was given one.
    var remedy: String?
    /// Good answers per second at most, as far as it is known.
    var capacity: Double?

    /// The changed scenario.
    ///
    /// - Throws: `Failure` where the scenario has nothing to change so.
    func apply(to scenario: Scenario) throws -> Scenario {
        var scenario = scenario
        do throws(ExperimentRefusal) {
            if let remedy = self.remedy {
                scenario = try RemedyDesign.scenario(scenario, with: remedy)
            }
            if let id = self.experiment {
                let knowledge = ExperimentKnowledge(
                    capacity: self.capacity,
                    address: id == "E9" ? ScenarioChange.address(of: scenario) : nil)
                scenario = try ExperimentDesign.scenario(
                    scenario, changedFor: id, knowing: knowledge)
            }
        } catch {
            throw Failure(
                "\(error)", hint: "docs/investigate.md says what each one needs of a scenario",
                status: .usage)
        }
        return scenario
    }

    /// The first address of the target's name; nil for numeric ones and for the bundled intake.
    private static func address(of scenario: Scenario) -> String? {
        guard case .url(let url) = scenario.target, let host = URL(string: url)?.host else {
            return nil
        }
        return (try? NameLookup.addresses(of: host))?.first
    }
}
