import Primitives

/// What selectors of thresholds may name in one scenario.
struct ThresholdNames {
    private let populations: [PopulationSpec]
    private var values: [String: [String]] = [:]

    /// Collects the names of all populations and phases.
    init(_ populations: [PopulationSpec], reliefs: [ReliefSpec]) {
        self.populations = populations
        var values: [String: Set<String>] = [
            "phase": [], "class": [], "name": [], "expected_response": ["true", "false"],
        ]
        for population in populations {
            values["class", default: []].insert(population.trafficClass.rawValue)
            values["scenario", default: []].insert(population.name)
            for (tag, value) in population.tags { values[tag, default: []].insert(value) }
            switch population.load {
            case .rampingArrivalRate(_, let stages, _), .rampingVUs(_, let stages, _):
                values["phase", default: []].formUnion(stages.compactMap(\.name))
            default: break
            }
            values["name", default: []].formUnion(population.requests.map(\.name))
        }
        for relief in reliefs {
            values["phase", default: []].formUnion([relief.name, "after-\(relief.name)"])
        }
        // Time before the first named stage and after the last one; planning knows whether any is.
        if values["phase"]?.isEmpty == false {
            values["phase", default: []].formUnion(["before", "after"])
        }
        self.values = values.mapValues { $0.sorted() }
    }

    /// What is wrong with a tag; nil when something in the scenario has it.
    func objection(tag: String, value: String) -> String? {
        if tag == "status" { return self.objection(status: value) }
        guard let known = self.values[tag] else {
            let tags = (self.values.keys + ["status"]).sorted()
            let near = Suggestion.phrase(
                for: tag, among: tags, otherwise: "there are: \(tags.joined(separator: ", "))")
            return "unknown tag '\(tag)'\(near)"
        }
        if known.contains(value) { return nil }
        let otherwise =
            known.isEmpty ? "there is none" : "there are: \(known.joined(separator: ", "))"
        let near = Suggestion.phrase(for: value, among: known, otherwise: otherwise)
        return "unknown \(tag) '\(value)'\(near)"
    }

    /// A status is a code, or the name of a failure.
    private func objection(status: String) -> String? {
        if let code = Int(status) {
            return (100...599).contains(code)
                ? nil : "no answer has the status \(status); write 100 to 599"
        }
        let names = FailureClass.allCases.map(\.rawValue)
        if names.contains(status) { return nil }
        let near = Suggestion.phrase(
            for: status, among: names,
            otherwise: "write a code such as 503, or a failure such as refused")
        return "unknown status '\(status)'\(near)"
    }

    /// What is wrong with all tags of a selector together; nil when it selects something.
    func objection(_ tags: [String: String], metric: ThresholdMetric) -> String? {
        let names = self.populations.filter { population in
            tags.allSatisfy { tag, value in
                switch tag {
                case "class": population.trafficClass.rawValue == value
                case "scenario": population.name == value
                case "name": population.requests.contains { $0.name == value }
                case "status", "expected_response": true
                default: population.tags[tag] == value
                }
            }
        }
        guard !names.isEmpty else {
            let list = tags.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
            return "nothing in this scenario has all of \(list.joined(separator: ", "))"
        }
        guard metric.grain != .attempt else { return nil }
        let counted = ThresholdMetric.all.filter { $0.grain == .attempt }.map(\.name)
        let advice = "only these can be selected so: \(counted.joined(separator: ", "))"
        for tag in ["status", "expected_response"] where tags[tag] != nil {
            return "\(metric.name) is not kept by \(tag); \(advice)"
        }
        guard let step = tags["name"],
            let mixed = names.first(where: { $0.requests.contains { $0.name != step } })
        else { return nil }
        return "\(metric.name) is kept by population, and '\(mixed.name)' sends other requests"
            + " besides '\(step)'; select it by scenario, or give the request a population of its"
            + " own; \(advice)"
    }
}
