import Primitives

// Distributions of sizes and times.
extension ScenarioBuilder {
    /// A span, or a distribution of spans, in seconds; nil when refused.
    ///
    /// - Parameter least: the shortest span that may be given as such.
    func spans(
        _ node: SourceNode, _ label: String, least: Nanoseconds = Nanoseconds(1)
    ) -> Distribution? {
        if node.text != nil {
            let span = least > .zero ? self.positive(node, label) : self.duration(node)
            return span.map { .fixed($0.seconds) }
        }
        let drawn = self.distribution(node) { self.duration($0)?.seconds }
        if case .uniform(_, let high) = drawn, high <= 0, least > .zero {
            self.diagnostics.report("\(label): all values are no time at all", at: node)
            return nil
        }
        return drawn
    }

    /// A distribution whose values are read by `value`.
    ///
    /// - Parameters:
    ///   - unit: what bare numbers of a recorded file mean.
    ///   - isCut: true where a limit holds, so that a mean need not be finite.
    func distribution(
        _ node: SourceNode, unit: RecordedValues.Unit = .seconds, isCut: Bool = false,
        value: (SourceNode?) -> Double?
    ) -> Distribution? {
        if let uniform = node["uniform"] {
            guard let low = value(uniform["min"]), let high = value(uniform["max"]) else {
                return nil
            }
            if low > high {
                self.diagnostics.report("uniform: min is above max", at: uniform)
            }
            return .uniform(min: low, max: high)
        }
        if let node = node["exponential"] {
            return self.above0(node["mean"], "exponential: the mean", value).map {
                .exponential(mean: $0)
            }
        }
        if let node = node["pareto"] { return self.pareto(node, isCut: isCut, value) }
        if let node = node["normal"] {
            guard let mean = value(node["mean"]),
                let sd = self.above0(node["sd"], "normal: the standard deviation", value)
            else { return nil }
            return .normal(mean: mean, sd: sd)
        }
        if let choices = node["choices"] { return self.choices(choices, value) }
        if let file = node["empirical"] { return self.recorded(file, unit) }
        guard let lognormal = node["lognormal"], let median = value(lognormal["median"]),
            let p99 = value(lognormal["p99"])
        else { return nil }
        if median <= 0 {
            self.diagnostics.report("lognormal: the median must be above 0", at: lognormal)
        } else if p99 < median {
            self.diagnostics.report("lognormal: p99 is below the median", at: lognormal)
        }
        return .lognormal(median: median, p99: p99)
    }

    private func above0(
        _ node: SourceNode?, _ label: String, _ value: (SourceNode?) -> Double?
    ) -> Double? {
        guard let node, let number = value(node) else { return nil }
        guard number > 0 else {
            self.diagnostics.report("\(label) must be above 0", at: node)
            return nil
        }
        return number
    }

    private func pareto(
        _ node: SourceNode, isCut: Bool, _ value: (SourceNode?) -> Double?
    ) -> Distribution? {
        guard let least = self.above0(node["min"], "pareto: min", value) else { return nil }
        let shape: Double
        if let place = node["p99"] {
            guard let p99 = value(place) else { return nil }
            guard p99 > least else {
                self.diagnostics.report("pareto: p99 is not above min", at: place)
                return nil
            }
            shape = Distribution.paretoShape(min: least, p99: p99)
        } else {
            guard let number = node["shape"].flatMap(self.number), number > 0 else { return nil }
            shape = number
        }
        if shape <= 1, !isCut, let place = node["shape"] ?? node["p99"] {
            let cause =
                node["shape"] == nil ? "a p99 of 100 times min or more" : "a shape of 1 or less"
            self.diagnostics.report(
                "pareto: \(cause) has no finite mean; write another, or a max", at: place)
        }
        return .pareto(min: least, shape: shape)
    }

    private func choices(
        _ node: SourceNode, _ value: (SourceNode?) -> Double?
    ) -> Distribution? {
        let read = node.items.map { item -> (value: Double, weight: Double)? in
            if item.text != nil { return value(item).map { ($0, 1) } }
            guard let chosen = value(item["value"]),
                let weight = item["weight"].map(self.number) ?? 1, weight > 0
            else { return nil }
            return (chosen, weight)
        }
        let known = read.compactMap(\.self)
        guard !known.isEmpty, known.count == read.count else { return nil }
        return .choices(WeightedValues(known))
    }

    /// Recorded values; their file is opened later.
    private func recorded(_ node: SourceNode, _ unit: RecordedValues.Unit) -> Distribution? {
        guard let file = node.text == nil ? node["file"] : node, let path = file.text else {
            return nil
        }
        if path.isEmpty || path.contains("{{") {
            self.diagnostics.report("empirical: a path is needed, without templates", at: file)
        }
        return .recorded(
            RecordedValues(
                path: path, column: node["column"]?.text, unit: unit, line: file.location.line,
                offset: file.location.column))
    }
}
