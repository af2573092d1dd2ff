import Primitives

extension ScenarioBuilder {
    /// The populations, in the file's order.
    func populations() -> [PopulationSpec] {
        (self.root["scenarios"]?.entries ?? []).compactMap { entry in
            guard case .mapping = entry.value.content else { return nil }
            return self.population(entry)
        }
    }

    private func population(_ entry: SourceEntry) -> PopulationSpec? {
        let node = entry.value
        var scope = self.scope
        let flow = self.flow(node["flow"], scope: &scope)
        let onFailure = self.flow(node["onFailure"], scope: &scope)
        if let place = node["flow"], !place.items.isEmpty, flow.requests.isEmpty {
            self.diagnostics.report("flow: no step sends a request", at: place)
        }
        let retry = node["retry"].map(self.retry)
        let reuse = node["clients"]?["reuse"].flatMap(self.integer) ?? 1
        guard let load = self.load(entry) else { return nil }
        if let ignored = node["preAllocatedVUs"] {
            self.notes.append(
                ScenarioNote(
                    location: ignored.location,
                    message: "preAllocatedVUs is ignored: nothing is allocated ahead"))
        }
        self.checkBudgets(entry, load: load, flow: flow, reuse: reuse)
        let cap = node["maxInFlight"] ?? node["maxVUs"] ?? node["maxVusers"]
        let tags = (node["tags"]?.entries ?? []).map { ($0.key, $0.value.text ?? "") }
        var population = PopulationSpec(
            name: entry.key, trafficClass: self.word(node["class"], TrafficClass.self) ?? .genuine,
            load: load, startTime: self.duration(node["startTime"]) ?? .zero,
            gracefulStop: self.duration(node["gracefulStop"]) ?? .seconds(10),
            maxInFlight: cap.flatMap(self.integer),
            tags: Dictionary(tags, uniquingKeysWith: { first, _ in first }), retry: retry,
            person: self.person(node), reuse: reuse,
            finalStatuses: self.statuses(node["final"]), flow: flow, onFailure: onFailure,
            location: entry.location)
        population.clients = self.clients(node["clients"], in: entry.location)
        if let reuse = node["clients"]?["reuse"], node["vus"] != nil || node["startVUs"] != nil {
            self.diagnostics.report(
                "reuse: the clients of \(load.executor) last as long as it does", at: reuse)
        }
        return population
    }

    // MARK: - Load

    /// The executor and its numbers; nil when something it needs is missing or wrong.
    private func load(_ entry: SourceEntry) -> LoadSpec? {
        let node = entry.value
        let unit = self.positive(node["timeUnit"], "timeUnit") ?? .seconds(1)
        let spacing = self.word(node["arrivals"], ArrivalSpacing.self) ?? .uniform
        let duration = self.positive(node["duration"], "duration")
        let vus = node["vus"].flatMap(self.integer)
        let iterations = node["iterations"].flatMap(self.integer)
        let longest = self.positive(node["maxDuration"], "maxDuration") ?? .seconds(600)
        switch node["executor"]?.text {
        case "constant-arrival-rate":
            guard let rate = self.rate(node["rate"], unit: unit), let duration else { return nil }
            return .constantArrivalRate(rate: rate, duration: duration, spacing: spacing)
        case "ramping-arrival-rate":
            let start = self.rate(node["startRate"], unit: unit) ?? Rate(perSecond: 0)
            guard
                let stages = self.stages(
                    node["stages"], start: start.perSecond,
                    level: { self.rate($0, unit: unit)?.perSecond })
            else { return nil }
            return .rampingArrivalRate(startRate: start, stages: stages, spacing: spacing)
        case "constant-vus":
            guard let vus, let duration else { return nil }
            return .constantVUs(vus: vus, duration: duration)
        case "ramping-vus":
            let start = node["startVUs"].flatMap(self.integer) ?? 0
            guard
                let stages = self.stages(
                    node["stages"], start: Double(start), level: self.clients)
            else { return nil }
            let rampDown = self.duration(node["gracefulRampDown"]) ?? .seconds(30)
            return .rampingVUs(startVUs: start, stages: stages, gracefulRampDown: rampDown)
        case "per-vu-iterations":
            guard let vus, let iterations else { return nil }
            return .perVUIterations(vus: vus, iterations: iterations, maxDuration: longest)
        case "shared-iterations":
            guard let vus, let iterations else { return nil }
            return .sharedIterations(vus: vus, iterations: iterations, maxDuration: longest)
        case "viral": return self.viral(entry, duration: duration)
        case "hawkes":
            guard let rate = self.rate(node["rate"], unit: unit), let duration else { return nil }
            return self.hawkes(node, rate: rate, duration: duration)
        case "diurnal":
            guard let rate = self.rate(node["rate"], unit: unit), let duration else { return nil }
            return self.diurnal(node, rate: rate, duration: duration)
        case "trace": return self.trace(node)
        default:
            return nil
        }
    }

    private func clients(_ node: SourceNode?) -> Double? {
        guard let node else { return nil }
        guard let count = self.number(node), count == count.rounded(), count <= 1_000_000 else {
            if node.text != nil {
                self.diagnostics.report(
                    "target: '\(node.text ?? "")' is no number of clients; ramping-vus counts them",
                    at: node)
            }
            return nil
        }
        return count
    }

    private func stages(
        _ node: SourceNode?, start: Double, level: (SourceNode?) -> Double?
    ) -> [StageSpec]? {
        guard let node else { return nil }
        var stages: [StageSpec] = []
        var before: Double? = start
        var names: Set<String> = []
        for item in node.items {
            let duration = self.positive(item["duration"], "duration")
            let target = level(item["target"])
            let shape = self.word(item["shape"], StageShape.self) ?? .linear
            if let name = item["name"], let text = name.text, !names.insert(text).inserted {
                self.diagnostics.report("name: another stage is called '\(text)' already", at: name)
            }
            if shape == .exponential, let before, let target, before <= 0 || target <= 0,
                let place = item["shape"]
            {
                self.diagnostics.report(
                    "shape: exponential cannot begin or end at 0; use linear or smooth", at: place)
            }
            before = target
            guard let duration, let target else { continue }
            stages.append(
                StageSpec(
                    name: item["name"]?.text, duration: duration, target: target, shape: shape,
                    kind: self.word(item["kind"], PhaseKind.self) ?? .load,
                    location: item.location))
        }
        return stages.isEmpty ? nil : stages
    }
}
