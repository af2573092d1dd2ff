import Primitives
package import Scenarios

extension Plan {
    /// Makes the plan of a scenario: pure, deterministic, and cheap whatever the run's length.
    ///
    /// Story durations are divided by the time scale; rates, timeouts, retry delays and think
    /// times under a minute are real time and stay.
    ///
    /// - Parameters:
    ///   - scenario: what the author wrote.
    ///   - materials: what its files held.
    ///   - rateFactor: multiplies every arrival rate and number of clients (`--rate-factor`).
    /// - Throws: `ScenarioErrors` for what only planning can find.
    package static func make(
        _ scenario: Scenario, materials: DraftMaterials, rateFactor: Double = 1
    ) throws(ScenarioErrors) -> Plan {
        let scenario = scenario.withRecorded(materials)
        var mistakes = MistakeList(scenario)
        let scale = StoryScale(factor: scenario.timeScale)
        var populations: [PopulationPlan] = []
        for (index, spec) in scenario.populations.enumerated() {
            populations.append(
                PopulationPlanning(
                    scenario: scenario, spec: spec, index: index, scale: scale,
                    rateFactor: rateFactor, materials: materials
                ).make(&mistakes))
        }
        let duration = populations.map(\.end).max() ?? .zero
        let plan = Plan(
            name: scenario.name, description: scenario.description, seed: scenario.seed,
            timeScale: scenario.timeScale, target: scenario.target,
            http: scenario.http.resolved(in: scenario.directory, materials),
            populations: populations,
            phases: PhasePlanning(scenario, scale: scale, duration: duration).phases,
            reliefs: scenario.reliefs.map { ReliefWindow($0, scale) },
            timeline: events(of: scenario, scale: scale),
            thresholds: scenario.thresholds.map { $0.inWallTime(scale) },
            probes: scenario.plannedProbes,
            safety: scenario.safety, duration: duration, materials: materials)
        plan.checkLimits(of: scenario, &mistakes)
        plan.checkThresholds(&mistakes)
        Plan.checkFeeders(of: scenario, &mistakes)
        try mistakes.throwIfAny()
        return plan
    }

    private static func events(of scenario: Scenario, scale: StoryScale) -> [PlannedEvent] {
        let events =
            scenario.timeline.enumerated().map { index, event in
                PlannedEvent(
                    at: scale.wall(event.at), kind: event.kind, label: event.label,
                    request: event.request.map {
                        StepPlan.make(
                            $0, index: index, http: scenario.http, retry: nil, captured: [],
                            carriesKey: false)
                    })
            } + scenario.reliefs.flatMap { ReliefWindow($0, scale).events }
        return events.enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        .map(\.element)
    }
}

extension HTTPDefaults {
    /// With paths that start at the scenario's directory, and the key's password read.
    fileprivate func resolved(in directory: String, _ materials: DraftMaterials) -> HTTPDefaults {
        func path(_ text: String?) -> String? {
            text.map { $0.hasPrefix("/") ? $0 : directory + "/" + $0 }
        }
        var http = self
        http.tls.caFile = path(self.tls.caFile)
        http.tls.certificate = path(self.tls.certificate)
        http.tls.key = path(self.tls.key)
        http.route.unixSocket = path(self.route.unixSocket)
        guard let password = self.keyPassword else { return http }
        http.tls.keyPassword = password.pieces.reduce("") { text, piece in
            switch piece {
            case .literal(let literal): text + literal
            case .expression(.environment(let name)): text + (materials.environment[name] ?? "")
            case .expression: text
            }
        }
        return http
    }
}

/// From story time to wall time.
struct StoryScale: Sendable {
    /// Story seconds per wall second.
    var factor: Double

    /// A span of story time in wall time.
    func wall(_ story: Nanoseconds) -> Nanoseconds { story / self.factor }

    /// A span of wall time in story time.
    func story(_ wall: Nanoseconds) -> Nanoseconds { wall * self.factor }

    /// A think time in wall time: a minute and more is story time, less is a person's own pace.
    func think(_ time: Distribution) -> Distribution {
        guard time.mean >= 60, self.factor != 1 else { return time }
        return time / self.factor
    }
}
