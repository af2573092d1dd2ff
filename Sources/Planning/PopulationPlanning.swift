import Primitives
import Scenarios

/// Turns one population of a scenario into its plan.
struct PopulationPlanning {
    let scenario: Scenario
    let spec: PopulationSpec
    let index: Int
    let scale: StoryScale
    let rateFactor: Double
    let materials: DraftMaterials

    /// The most intents between arrival and end where the scenario says nothing.
    static let defaultMaxInFlight = 10_000
    /// 4xx but 408, 425 and 429, which ask to come again.
    static let defaultFinalStatuses: [StatusPattern] = [
        .range(400...407), .range(409...424), .range(426...428), .range(430...499),
    ]

    func make(_ mistakes: inout MistakeList) -> PopulationPlan {
        let start = self.scale.wall(self.spec.startTime)
        let planned = self.load(start: start, &mistakes)
        let (whole, length) = planned ?? (.iterations(vus: 0, each: nil, shared: 0), .zero)
        // Probes watch; what watches must not change with what it watches.
        let reliefs =
            self.spec.trafficClass == .probe
            ? [] : self.scenario.reliefs.map { ReliefWindow($0, self.scale) }
        let load = whole.relieved(by: reliefs)
        if length <= .zero, planned != nil {
            mistakes.add(
                "population '\(self.spec.name)' lasts no time; give it a duration",
                at: self.spec.location)
        }
        var flow = FlowCompiling(
            http: self.scenario.http, retry: self.spec.retry, scale: self.scale)
        flow.compile(self.spec, &mistakes)
        let person = self.spec.person.planned(self.scale)
        person.check(
            self.scenario.http.connectTimeout, scale: self.scale.factor, &mistakes)
        self.spec.clients.check(self.scenario, &mistakes)
        return PopulationPlan(
            index: self.index, name: self.spec.name, trafficClass: self.spec.trafficClass,
            tags: self.spec.tags, executor: self.spec.load.executor, load: load, start: start,
            end: start + length, gracefulStop: self.spec.gracefulStop,
            maxInFlight: self.spec.maxInFlight ?? PopulationPlanning.defaultMaxInFlight,
            reuse: max(1, self.spec.reuse),
            network: NetworkPlan(
                self.spec.clients, seed: self.scenario.seed, population: self.index),
            program: flow.program, steps: flow.steps,
            writes: self.spec.trafficClass != .probe && flow.steps.contains(where: \.carriesKey),
            finalStatuses: self.spec.finalStatuses ?? PopulationPlanning.defaultFinalStatuses,
            person: person, feeders: TemplateUses(self.spec).feeders, reliefs: reliefs)
    }

    /// The load and how long it lasts; nil when a mistake was added.
    private func load(
        start: Nanoseconds, _ mistakes: inout MistakeList
    ) -> (LoadPlan, Nanoseconds)? {
        switch self.spec.load {
        case .constantArrivalRate(let rate, let duration, let spacing):
            let level = rate.perSecond * self.rateFactor
            let length = self.scale.wall(duration)
            let segment = ArrivalSchedule.Segment(
                start: start, duration: length, from: level, to: level, shape: .linear)
            return (self.open([segment], spacing), length)
        case .rampingArrivalRate(let startRate, let stages, let spacing):
            let segments = self.segments(start: start, startRate: startRate, stages)
            return (self.open(segments, spacing), self.length(of: stages))
        case .viral(let cascade, let duration, let spacing):
            let schedule = self.viral(
                cascade, duration: duration, spacing, start: start, &mistakes)
            return (.open(schedule), self.scale.wall(duration))
        case .hawkes(let rate, let branching, let decay, let duration):
            let schedule = self.hawkes(
                rate, branching: branching, decay: decay, duration: duration, start: start)
            return (.open(schedule), self.scale.wall(duration))
        case .diurnal(let spec, let duration, let spacing):
            let schedule = self.diurnal(spec, duration: duration, spacing, start: start)
            return (.open(schedule), self.scale.wall(duration))
        case .trace(let spec):
            guard let (schedule, length) = self.trace(spec, start: start, &mistakes) else {
                return nil
            }
            return (.open(schedule), length)
        case .constantVUs(let vus, let duration):
            let clients = ClientCurve.scaledClients(vus, by: self.rateFactor)
            let curve = ClientCurve(
                changes: [ClientCurve.Change(at: start, clients: clients)],
                gracefulRampDown: .zero)
            return (.closed(curve), self.scale.wall(duration))
        case .rampingVUs(let startVUs, let stages, let gracefulRampDown):
            let curve = ClientCurve.ramping(
                start: start,
                startClients: ClientCurve.scaledClients(startVUs, by: self.rateFactor),
                stages: self.wallStages(stages), factor: self.rateFactor,
                gracefulRampDown: gracefulRampDown)
            return (.closed(curve), self.length(of: stages))
        case .perVUIterations(let vus, let iterations, let maxDuration):
            let clients = ClientCurve.scaledClients(vus, by: self.rateFactor)
            return (
                .iterations(vus: clients, each: iterations, shared: nil),
                self.scale.wall(maxDuration)
            )
        case .sharedIterations(let vus, let iterations, let maxDuration):
            let clients = ClientCurve.scaledClients(vus, by: self.rateFactor)
            return (
                .iterations(vus: clients, each: nil, shared: iterations),
                self.scale.wall(maxDuration)
            )
        }
    }

    private func open(
        _ segments: [ArrivalSchedule.Segment], _ spacing: ArrivalSpacing
    ) -> LoadPlan {
        .open(
            ArrivalSchedule(
                segments: segments, spacing: spacing, seed: self.scenario.seed,
                population: self.index))
    }

    private func segments(
        start: Nanoseconds, startRate: Rate, _ stages: [StageSpec]
    ) -> [ArrivalSchedule.Segment] {
        var level = startRate.perSecond * self.rateFactor
        var begin = start
        return self.wallStages(stages).map { length, stage in
            let target = stage.target * self.rateFactor
            let segment = ArrivalSchedule.Segment(
                start: begin, duration: length, from: stage.shape == .step ? target : level,
                to: target, shape: stage.shape)
            level = target
            begin += length
            return segment
        }
    }

    private func wallStages(
        _ stages: [StageSpec]
    ) -> [(duration: Nanoseconds, spec: StageSpec)] {
        stages.map { (self.scale.wall($0.duration), $0) }
    }

    private func length(of stages: [StageSpec]) -> Nanoseconds {
        stages.reduce(.zero) { $0 + self.scale.wall($1.duration) }
    }
}
