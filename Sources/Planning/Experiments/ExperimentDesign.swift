import Primitives
package import Scenarios

/// Why a scenario cannot be changed so, and what would help.
package struct ExperimentRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The experiment's or the remedy's id.
    package var id: String
    /// What is missing, in one sentence.
    package var reason: String

    /// A refusal.
    package init(id: String, reason: String) {
        self.id = id
        self.reason = reason
    }

    /// Both.
    package var description: String { "\(self.id): \(self.reason)" }
}

/// What an experiment may need to know beyond the scenario.
package struct ExperimentKnowledge: Sendable, Hashable {
    /// Good answers per second at most, from the first run; nil when it did not show.
    package var capacity: Double?
    /// The target's numeric address, for E9; nil when it has none of its own.
    package var address: String?

    /// Nothing known, unless given.
    package init(capacity: Double? = nil, address: String? = nil) {
        self.capacity = capacity
        self.address = address
    }
}

/// Changes a scenario for an experiment of the catalogue: pure, the same seed, everything else as
/// the author wrote it (research: diagnosis, 3.14).
package struct ExperimentDesign: Sendable {
    /// The experiments that this machine can make.
    package static let ids = [
        "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10", "E11", "E12", "E15",
    ]
    var scenario: Scenario
    private let id: String
    let knowledge: ExperimentKnowledge

    private init(_ scenario: Scenario, id: String, knowledge: ExperimentKnowledge) {
        self.scenario = scenario
        self.id = id
        self.knowledge = knowledge
    }

    /// The experiments that can be made of a scenario, in the order of their ids.
    ///
    /// What a run has to show first, such as the capacity, counts as known.
    package static func possible(for scenario: Scenario) -> [String] {
        // Any address will do: whether there is a name to pin is all that is asked.
        let knowledge = ExperimentKnowledge(capacity: 1, address: "127.0.0.1")
        return self.ids.filter { id in
            (try? self.scenario(scenario, changedFor: id, knowing: knowledge)) != nil
        }
    }

    /// The changed scenario.
    ///
    /// Thresholds are left out, since they say what the unchanged scenario has to show.
    /// - Throws: `ExperimentRefusal` where the scenario has nothing that could be changed so.
    package static func scenario(
        _ scenario: Scenario, changedFor id: String,
        knowing knowledge: ExperimentKnowledge = ExperimentKnowledge()
    ) throws(ExperimentRefusal) -> Scenario {
        var design = ExperimentDesign(scenario, id: id, knowledge: knowledge)
        switch id {
        case "E1": try design.steeper()
        case "E2": try design.largerBodies()
        case "E3": try design.longerHolds()
        case "E4": try design.otherReuse()
        case "E5": try design.moreKeys()
        case "E6": try design.noRetries()
        case "E7": try design.relief()
        case "E8": try design.staticPage()
        case "E9": try design.pinnedAddress()
        case "E10": try design.plainText()
        case "E11": try design.soak()
        case "E12": try design.cheaperItems()
        case "E13":
            throw design.refusal(
                "takes a second machine: run the scenario on both with --rate-factor 0.5 at the"
                    + " same time, and compare the knees")
        case "E14":
            throw design.refusal(
                "takes another network: run the scenario from there and compare")
        case "E15": break
        default:
            throw design.refusal(
                "is no experiment; there are \(ids.joined(separator: ", ")), and E13 and E14 that"
                    + " take more than this machine")
        }
        design.scenario.thresholds = []
        return design.scenario
    }

    func refusal(_ reason: String) -> ExperimentRefusal {
        ExperimentRefusal(id: self.id, reason: reason)
    }

    /// Populations whose load an experiment changes: all but probes, which watch.
    var people: [Int] {
        self.scenario.populations.indices.filter {
            self.scenario.populations[$0].trafficClass != .probe
        }
    }
}
