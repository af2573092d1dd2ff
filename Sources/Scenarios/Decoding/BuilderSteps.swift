/// The steps of a flow, and what decides which of them are taken.
extension ScenarioBuilder {
    /// The steps of a flow; captures become variables of the steps after them.
    func flow(_ node: SourceNode?, scope: inout TemplateScope) -> [StepSpec] {
        (node?.items ?? []).compactMap { self.step($0, scope: &scope) }
    }

    private func step(_ node: SourceNode, scope: inout TemplateScope) -> StepSpec? {
        // What a step is asked before it begins, it cannot have captured itself.
        let when = node["when"].flatMap { self.condition($0, scope: scope) }
        guard var step = self.plainStep(node, scope: &scope) else { return nil }
        if self.boolean(node["optional"]) ?? false { step = .optional(step) }
        return when.map { .when($0, step) } ?? step
    }

    private func plainStep(_ node: SourceNode, scope: inout TemplateScope) -> StepSpec? {
        for entry in node.entries {
            if ScenarioGrammar.methodKeys.contains(entry.key),
                let method = HTTPMethod(rawValue: entry.key.uppercased())
            {
                return .request(
                    self.request(entry.value, method: method, scope: &scope, at: entry.location))
            }
            switch entry.key {
            case "think": return self.spans(entry.value, "think").map { .think($0) }
            case "loop": return .loop(self.loop(entry, beside: node, scope: &scope))
            case "pick": return .pick(self.ways(entry.value, scope: &scope))
            case "parallel": return .parallel(self.branches(entry.value, scope: &scope))
            case "flow": return .group(self.flow(entry.value, scope: &scope))
            default: break
            }
        }
        return nil
    }

    private func loop(
        _ entry: SourceEntry, beside node: SourceNode, scope: inout TemplateScope
    ) -> LoopSpec {
        let steps = self.flow(entry.value, scope: &scope)
        // Conditions may name what a turn captures: before the first it is an empty text.
        var test: LoopSpec.Test?
        if let place = node["while"], let condition = self.condition(place, scope: scope) {
            test = .whileTrue(condition)
        } else if let place = node["until"], let condition = self.condition(place, scope: scope) {
            test = .until(condition)
        }
        let count = node["count"].flatMap(self.integer)
        let most = node["max"].flatMap(self.integer)
        if node["max"] != nil, node["while"] == nil, node["until"] == nil {
            self.diagnostics.report(
                "max: is for loops with 'while' or 'until'; write count: to repeat so many times",
                at: entry.location, flag: entry.value.flag)
        }
        return LoopSpec(
            steps, most: max(1, count ?? most ?? 1), test: test, failsAtMost: most != nil)
    }

    /// The ways of a pick; what one of them captures may be missing afterwards.
    private func ways(_ node: SourceNode, scope: inout TemplateScope) -> [WaySpec] {
        let before = scope
        return node.items.map { item in
            var own = before
            let steps = self.flow(item["flow"], scope: &own)
            scope.variables.formUnion(own.variables)
            let weight = item["weight"].flatMap(self.number) ?? 1
            return WaySpec(weight: weight, steps: steps)
        }
    }

    /// Steps at the same time: none knows what another captures.
    private func branches(_ node: SourceNode, scope: inout TemplateScope) -> [StepSpec] {
        let before = scope
        return node.items.compactMap { item in
            var own = before
            let step = self.step(item, scope: &own)
            scope.variables.formUnion(own.variables)
            return step
        }
    }

    /// A condition; what is wrong with it is noted at its own column.
    private func condition(_ node: SourceNode, scope: TemplateScope) -> FlowCondition? {
        guard let text = node.text else { return nil }
        do {
            let root = try ConditionParsing.parse(text, scope: scope)
            return FlowCondition(text: text, root: root, location: node.location)
        } catch {
            self.report(error.message, offset: error.offset, of: text, at: node)
            return nil
        }
    }
}
