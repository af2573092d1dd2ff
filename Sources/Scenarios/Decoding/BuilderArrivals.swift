import Primitives

// The executors whose arrivals follow a model or a recording.
extension ScenarioBuilder {
    /// A cascade; `duration` nil for until it has faded.
    func viral(_ entry: SourceEntry, duration: Nanoseconds?) -> LoadSpec? {
        let node = entry.value
        let delay = self.positive(node["delay"], "delay") ?? .seconds(1_800)
        guard
            let reproduction = self.oneOf(
                "doubling", "reproduction", of: entry,
                read: { node in
                    self.reproduction(node, delay: delay)
                }),
            let people = self.oneOf(
                "seen", "audience", of: entry,
                read: { node in
                    (node["seen"] ?? node["audience"]).flatMap(self.integer)
                }), people > 0, let share = node["share"].flatMap(self.number), share > 0,
            let halfLife = self.positive(node["halfLife"], "halfLife")
        else { return nil }
        let cascade = ViralCascade(
            audience: Double(people), seeds: 1, reproduction: reproduction, delay: delay,
            halfLife: halfLife, share: share)
        guard let placed = self.placed(cascade, entry) else { return nil }
        guard let course = placed.course(until: duration) else {
            self.reportLongCourse(entry)
            return nil
        }
        return .viral(
            placed, duration: duration ?? .seconds(Int64(course.length.rounded(.up))),
            spacing: self.word(node["arrivals"], ArrivalSpacing.self) ?? .poisson)
    }

    /// The cascade with its audience and seeds; nil when they cannot be.
    private func placed(_ cascade: ViralCascade, _ entry: SourceEntry) -> ViralCascade? {
        let node = entry.value
        let seeds = node["seeds"].flatMap(self.integer).map(Double.init)
        if let seeds, seeds > cascade.audience, let place = node["seeds"] {
            let many = UnitText.fixed(cascade.audience, 0)
            self.diagnostics.report("seeds: more people than the \(many) it can reach", at: place)
            return nil
        }
        var placed = cascade
        placed.seeds =
            seeds ?? max(1, (cascade.audience * ViralCascade.usualSeeds).rounded(.down))
        guard let seen = node["seen"] else { return placed }
        if let fitted = cascade.reaching(cascade.audience, seeds: seeds) { return fitted }
        guard placed.course() != nil else {
            self.reportLongCourse(entry)
            return nil
        }
        self.diagnostics.report(
            "seen: people lose interest before so many have seen it; write a longer halfLife, a"
                + " shorter doubling or more seeds", at: seen)
        return nil
    }

    private func reportLongCourse(_ entry: SourceEntry) {
        self.diagnostics.report(
            "\(entry.key): from delay to fading is too long a way to compute; lengthen delay or"
                + " shorten halfLife or duration", at: entry.location, flag: entry.value.flag)
    }

    /// What one of two keys says; notes when neither is there.
    private func oneOf<Value>(
        _ first: String, _ second: String, of entry: SourceEntry,
        read: (SourceNode) -> Value?
    ) -> Value? {
        let node = entry.value
        guard node[first] == nil, node[second] == nil else { return read(node) }
        // Where a key is not understood, that is the mistake, not what it leaves out.
        let isUnderstood = node.entries.allSatisfy {
            ScenarioGrammar.population.key($0.key) != nil
        }
        if isUnderstood {
            self.diagnostics.report(
                "\(entry.key): '\(first)' is missing; viral needs it, or '\(second)'",
                at: entry.location, flag: node.flag)
        }
        return nil
    }

    /// R as given, or from the time of doubling.
    private func reproduction(_ node: SourceNode, delay: Nanoseconds) -> Double? {
        if let given = node["reproduction"] {
            return self.number(given).flatMap { $0 > 0 ? $0 : nil }
        }
        return self.positive(node["doubling"], "doubling").map {
            ViralCascade.reproduction(doubling: $0, delay: delay)
        }
    }

    /// A self-exciting crowd.
    func hawkes(_ node: SourceNode, rate: Rate, duration: Nanoseconds) -> LoadSpec? {
        guard let branching = node["branching"].flatMap(self.number),
            (0...ScalarForm.highestBranching).contains(branching),
            let decay = self.positive(node["decay"], "decay")
        else { return nil }
        return .hawkes(rate: rate, branching: branching, decay: decay, duration: duration)
    }

    /// A day's course.
    func diurnal(_ node: SourceNode, rate: Rate, duration: Nanoseconds) -> LoadSpec? {
        var spec = DiurnalSpec(mean: rate)
        spec.trough = node["trough"].flatMap(self.number) ?? spec.trough
        spec.peakAt = self.duration(node["peakAt"]) ?? spec.peakAt
        if let period = self.positive(node["period"], "period") {
            spec.period = period
            if duration.seconds / period.seconds > 1_000, let place = node["period"] {
                self.diagnostics.report(
                    "period: the duration holds more than 1,000 of them; write a longer one",
                    at: place)
                return nil
            }
        }
        return .diurnal(
            spec, duration: duration,
            spacing: self.word(node["arrivals"], ArrivalSpacing.self) ?? .poisson)
    }

    /// A recording; its file is opened later.
    func trace(_ node: SourceNode) -> LoadSpec? {
        guard let file = node["file"], let path = file.text else { return nil }
        var spec = TraceSpec(
            source: TraceSpec.Source(path: path, column: node["column"]?.text),
            location: file.location)
        spec.speed = node["speed"].flatMap(self.number) ?? 1
        spec.amplify = node["amplify"].flatMap(self.number) ?? 1
        spec.from = self.duration(node["from"]) ?? .zero
        spec.to = self.duration(node["to"])
        spec.jitter = self.duration(node["jitter"]) ?? spec.jitter
        if let to = spec.to, to <= spec.from, let place = node["to"] {
            self.diagnostics.report(
                "to: \(place.text ?? "") is not after 'from', \(UnitText.format(spec.from))",
                at: place)
            return nil
        }
        guard spec.speed > 0, spec.amplify > 0 else { return nil }
        return .trace(spec)
    }
}
