import Primitives

extension ScenarioBuilder {
    /// The phases that cut the load, in order of time; they may not overlap.
    func reliefs(_ populations: [PopulationSpec]) -> [ReliefSpec] {
        let end = ScenarioBuilder.end(of: populations)
        var reliefs: [ReliefSpec] = []
        for item in self.root["phases"]?.items ?? [] {
            guard let at = self.duration(item["at"]),
                let duration = self.positive(item["duration"], "duration"),
                item["kind"]?.text == "relief"
            else { continue }
            let relief = ReliefSpec(
                name: item["name"]?.text ?? "relief", at: at, duration: duration,
                share: item["load"].flatMap(self.number) ?? 0.2,
                retries: self.boolean(item["retries"]) ?? false, location: item.location)
            self.check(relief, item, end: end, before: reliefs)
            reliefs.append(relief)
        }
        self.checkRelievable(populations, reliefs)
        return reliefs.enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }.map(\.element)
    }

    private func check(
        _ relief: ReliefSpec, _ item: SourceNode, end: Nanoseconds, before: [ReliefSpec]
    ) {
        if end > .zero, relief.at >= end, let place = item["at"] {
            self.diagnostics.report(
                "at: \(place.text ?? "") is not before the run's end at"
                    + " \(UnitText.format(end)); a phase changes the load, it does not lengthen"
                    + " the run", at: place)
        }
        if let other = before.first(where: { $0.at < relief.end && relief.at < $0.end }) {
            self.diagnostics.report(
                "this phase overlaps the one of line \(other.location.line); let one end where"
                    + " the next begins", at: item)
        }
        if let other = before.first(where: { $0.name == relief.name }) {
            self.diagnostics.report(
                "another phase is called '\(relief.name)', in line \(other.location.line); give"
                    + " this one a name of its own", at: item)
        }
    }

    private func checkRelievable(_ populations: [PopulationSpec], _ reliefs: [ReliefSpec]) {
        guard let place = self.root["phases"], !reliefs.isEmpty else { return }
        for population in populations where population.trafficClass != .probe {
            switch population.load {
            case .perVUIterations, .sharedIterations:
                let executor = population.load.executor
                self.diagnostics.report(
                    "phases: the load of '\(population.name)' cannot be cut: \(executor)"
                        + " has a number of iterations to get done; use constant-vus, or an"
                        + " executor with a rate", at: place)
            default: break
            }
        }
    }
}
