import Primitives

extension ScenarioBuilder {
    /// Pass and fail rules, in the file's order.
    func thresholds(
        _ populations: [PopulationSpec], reliefs: [ReliefSpec]
    ) -> [ThresholdRule] {
        let known = ThresholdNames(populations, reliefs: reliefs)
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
        guard let metric = ThresholdMetric.named(name) else {
            let names = ThresholdMetric.all.map(\.name)
            let near = Suggestion.phrase(
                for: name, among: names, otherwise: "there are: \(names.joined(separator: ", "))")
            refuse("unknown metric '\(name)'\(near)")
            return nil
        }
        var selector = Selector(metric: metric, tags: [:])
        var isSound = true
        let inside = entry.key.dropFirst(name.count).dropFirst().dropLast()
        for pair in inside.split(separator: ",", omittingEmptySubsequences: true) {
            let halves = pair.split(separator: ":", maxSplits: 1).map(ScenarioBuilder.trimmed)
            guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else {
                refuse("'\(pair)' is no tag; write for example class:genuine")
                isSound = false
                continue
            }
            let isTwice =
                halves[0] == "phase" ? selector.phase != nil : selector.tags[halves[0]] != nil
            if let problem = isTwice
                ? "the tag '\(halves[0])' is given twice; a sample has one value of it"
                : known.objection(tag: halves[0], value: halves[1])
            {
                refuse(problem)
                isSound = false
            } else if halves[0] == "phase" {
                selector.phase = halves[1]
            } else {
                selector.tags[halves[0]] = halves[1]
            }
        }
        if isSound, let problem = known.objection(selector.tags, metric: metric) {
            refuse(problem)
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
        guard
            let limit = metric.limit(
                expression.number, unit: expression.unit, expression.aggregation)
        else {
            self.diagnostics.report(
                "threshold: the unit '\(expression.unit)' does not fit \(metric.name);"
                    + " use \(metric.units)",
                at: place)
            return nil
        }
        var rule = ThresholdRule(
            metric: metric.name, tags: selector.tags, expression: text,
            aggregation: expression.aggregation, comparison: expression.comparison, limit: limit,
            phase: node["phase"]?.text ?? selector.phase,
            expectsFailure: node["expect"]?.text == "fail",
            allowsEmpty: self.boolean(node["allowEmpty"]) ?? false, name: node["name"]?.text,
            line: node.location.line, column: node.location.column)
        if let problem = rule.impossibility(metric.kind) {
            self.diagnostics.report("threshold: \(problem)", at: place)
        }
        if let phase = node["phase"], let name = phase.text {
            if let problem = known.objection(tag: "phase", value: name) {
                self.diagnostics.report(problem, at: phase)
            } else if let other = selector.phase, other != name {
                self.diagnostics.report(
                    "phase: '\(name)' is not the selector's '\(other)'; write it once", at: phase)
            }
        }
        self.readConditions(of: &rule, node, metric)
        return rule
    }

    private func readConditions(
        of rule: inout ThresholdRule, _ node: SourceNode, _ metric: ThresholdMetric
    ) {
        rule.lasting = self.positive(node["for"], "for")
        rule.window = self.positive(node["over"], "over")
        rule.severity = self.word(node["severity"], ThresholdRule.Severity.self) ?? .error
        rule.abortsRun = self.boolean(node["abortOnFail"]) ?? false
        rule.abortDelay = self.duration(node["delayAbortEval"]) ?? .zero
        if metric.kind == .span, let place = node["for"] ?? node["over"] {
            self.diagnostics.report(
                "\(metric.name) is one figure of the whole run or phase; it has no"
                    + " 'for' and no 'over'", at: place)
        }
        guard rule.abortsRun, let place = node["abortOnFail"] else { return }
        if rule.expectsFailure {
            self.diagnostics.report(
                "abortOnFail: a rule that is expected to break cannot end the run by breaking",
                at: place)
        } else if rule.severity == .warning {
            self.diagnostics.report(
                "abortOnFail: a warning ends no run; leave out one of the two", at: place)
        } else if rule.waitsForTheEnd {
            self.diagnostics.report(
                "abortOnFail: only the end can tell whether '\(rule.expression)' is kept;"
                    + " use rate, or add over",
                at: place)
        }
    }
}

extension ThresholdRule {
    /// Why no run, or every run, keeps the rule; nil for a rule that says something.
    func impossibility(_ kind: ThresholdMetric.Kind) -> String? {
        let text = self.expression
        if case .p(let percent) = self.aggregation, percent > 100 {
            return "a percentile is at most 100"
        }
        if kind == .rate, self.limit > 1 {
            return "a share is at most 100% or 1; '\(text)' cannot be meant"
        }
        let isWhole = self.aggregation == .count || kind == .gauge
        if isWhole, self.limit != self.limit.rounded(),
            self.comparison == .equal || self.comparison == .notEqual
        {
            return "a count is a whole number; '\(text)' cannot be meant"
        }
        let never = "'\(text)' can never be kept"
        let always = "'\(text)' is always kept, whatever happens"
        switch self.comparison {
        case .less where self.limit <= 0: return "\(never): nothing here is below 0"
        case .greaterOrEqual where self.limit <= 0: return "\(always): nothing here is below 0"
        case .greater where kind == .rate && self.limit >= 1:
            return "\(never): a share is at most 100%"
        case .lessOrEqual where kind == .rate && self.limit >= 1:
            return "\(always): a share is at most 100%"
        default: return nil
        }
    }
}
