import Primitives

extension ScenarioBuilder {
    /// Pass and fail rules, in the file's order.
    func thresholds(_ populations: [PopulationSpec]) -> [ThresholdRule] {
        let known = ThresholdNames(populations)
        return (self.root["thresholds"]?.entries ?? []).flatMap { entry -> [ThresholdRule] in
            guard let selector = self.selector(entry, known) else { return [] }
            return entry.value.items.compactMap { self.threshold($0, selector, known) }
        }
    }

    private struct Selector {
        var metric: ThresholdMetric
        var tags: [String: String]
        var phase: String?
    }

    private func selector(_ entry: SourceEntry, _ known: ThresholdNames) -> Selector? {
        func refuse(_ message: String) {
            self.diagnostics.report(message, at: entry.location, flag: entry.value.flag)
        }
        guard NameForm.selector.allows(entry.key) else { return nil }
        let name = String(entry.key.prefix { $0 != "{" })
        guard let metric = ThresholdMetric.all.first(where: { $0.name == name }) else {
            let names = ThresholdMetric.all.map(\.name)
            let near = Suggestion.phrase(
                for: name, among: names, otherwise: "there are: \(names.joined(separator: ", "))")
            refuse("unknown metric '\(name)'\(near)")
            return nil
        }
        var selector = Selector(metric: metric, tags: [:])
        let inside = entry.key.dropFirst(name.count).dropFirst().dropLast()
        for pair in inside.split(separator: ",", omittingEmptySubsequences: true) {
            let halves = pair.split(separator: ":", maxSplits: 1).map(ScenarioBuilder.trimmed)
            guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else {
                refuse("'\(pair)' is no tag; write for example class:genuine")
                continue
            }
            if let problem = known.objection(tag: halves[0], value: halves[1]) {
                refuse(problem)
            } else if halves[0] == "phase" {
                selector.phase = halves[1]
            } else {
                selector.tags[halves[0]] = halves[1]
            }
        }
        return selector
    }

    private static func trimmed(_ text: Substring) -> String {
        var view = text.drop { $0 == " " || $0 == "\"" || $0 == "'" }
        while let last = view.last, last == " " || last == "\"" || last == "'" {
            view.removeLast()
        }
        return String(view)
    }

    private func threshold(
        _ node: SourceNode, _ selector: Selector, _ known: ThresholdNames
    ) -> ThresholdRule? {
        guard let place = node.text == nil ? node["threshold"] : node, let text = place.text,
            let expression = ThresholdExpression(text)
        else { return nil }
        let metric = selector.metric
        guard metric.allows(expression.aggregation) else {
            self.diagnostics.report(
                "threshold: '\(text)' does not fit \(metric.name), which has: "
                    + metric.aggregations, at: place)
            return nil
        }
        if case .percentile(let percent) = expression.aggregation, percent > 100 {
            self.diagnostics.report("threshold: a percentile is at most 100", at: place)
        }
        guard let limit = metric.limit(expression) else {
            self.diagnostics.report(
                "threshold: the unit '\(expression.unit)' does not fit \(metric.name);"
                    + " use \(metric.units)",
                at: place)
            return nil
        }
        if metric.kind == .rate, limit > 1 {
            self.diagnostics.report(
                "threshold: a share is at most 100% or 1; '\(text)' cannot be meant", at: place)
        }
        if let phase = node["phase"], let name = phase.text,
            let problem = known.objection(tag: "phase", value: name)
        {
            self.diagnostics.report(problem, at: phase)
        }
        return ThresholdRule(
            metric: metric.name, tags: selector.tags, expression: text,
            aggregation: expression.aggregation, comparison: expression.comparison, limit: limit,
            phase: node["phase"]?.text ?? selector.phase,
            expectsFailure: node["expect"]?.text == "fail",
            allowsEmpty: self.boolean(node["allowEmpty"]) ?? false, name: node["name"]?.text,
            location: node.location)
    }
}

/// What selectors of thresholds may name in one scenario.
struct ThresholdNames {
    private var values: [String: [String]] = [:]

    /// Collects the names of all populations.
    init(_ populations: [PopulationSpec]) {
        var values: [String: Set<String>] = ["phase": [], "class": [], "name": []]
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
        self.values = values.mapValues { $0.sorted() }
    }

    /// What is wrong with a tag; nil when something in the scenario has it.
    func objection(tag: String, value: String) -> String? {
        guard let known = self.values[tag] else {
            let tags = self.values.keys.sorted()
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
}
