import Primitives
import Scenarios

extension Plan {
    /// The shortest phase whose causes can be told apart, in wall time.
    static let shortestPhase = Nanoseconds.seconds(15)

    /// What is worth a second look: the plan's own traits, then the resources that may be short.
    func warnings(resources: [ResourceNeed]) -> [String] {
        self.phaseWarnings + self.eventWarnings + self.offeredWarnings + self.feederWarnings
            + self.networkWarnings
            + resources.compactMap { need in
                need.complaint.map { "\($0); \(need.remedies.first ?? "")" }
            }
    }

    private var longestTimeout: Nanoseconds {
        self.populations.flatMap(\.steps).map(\.timeout).max() ?? .zero
    }

    private var phaseWarnings: [String] {
        let timeout = self.longestTimeout
        return self.phases.flatMap { phase -> [String] in
            let length = phase.end - phase.start
            let text = "phase \(phase.name) lasts \(UnitText.format(length)) of wall time"
            var warnings: [String] = []
            if length < Plan.shortestPhase {
                warnings.append(
                    "\(text), under \(UnitText.format(Plan.shortestPhase)): too short to diagnose")
            }
            if length < timeout * 3 {
                warnings.append(
                    "\(text), under three times the longest timeout, \(UnitText.format(timeout)): "
                        + "its intents may end in a later phase")
            }
            return warnings
        }
    }

    private var eventWarnings: [String] {
        self.timeline.filter { $0.at > self.duration }.map {
            "the event '\($0.label)' comes after the run's end and will not happen"
        }
    }

    private var offeredWarnings: [String] {
        self.populations.compactMap { population in
            guard case .open(let schedule) = population.load else { return nil }
            let little = schedule.peakRate * population.longestIntent
            guard little > Double(population.maxInFlight) else { return nil }
            return
                "\(population.name) may have \(UnitText.trimmed(little.rounded(.up))) intents in "
                + "flight when nothing answers; above maxInFlight, \(population.maxInFlight), they "
                + "are dropped and the run is invalid"
        }
    }

    // MARK: - What time compression does

    /// Real times and what they look like in the story; none without compression.
    var realTimeConstants: [PlanOutline.Constant] {
        guard self.timeScale != 1 else { return [] }
        var constants: [PlanOutline.Constant] = []
        func add(_ name: String, _ span: Nanoseconds) {
            let constant = PlanOutline.Constant(
                name: name, value: UnitText.format(span),
                compressed: UnitText.format(span * self.timeScale))
            if !constants.contains(constant) { constants.append(constant) }
        }
        for population in self.populations {
            if let timeout = population.person.timeout {
                add("timeout of \(population.name)", timeout)
            }
            for step in population.steps {
                add("timeout of \(step.name)", step.timeout)
                if let retry = step.retry { add("retry delay of \(step.name)", retry.delay) }
            }
        }
        for setting in self.intakeSettings where setting.path == "serviceTime" {
            if let span = try? UnitText.duration(setting.value) { add("serviceTime", span) }
        }
        return constants
    }

    /// The intake's story settings and what they are in wall time; none without compression.
    var storyScaledSettings: [PlanOutline.Constant] {
        guard self.timeScale != 1 else { return [] }
        return self.patienceConstants + self.intakeConstants
    }

    private var intakeConstants: [PlanOutline.Constant] {
        self.intakeSettings.compactMap { setting in
            let compressed: String
            switch setting.path {
            case "spoolQuota":
                guard let size = try? UnitText.size(setting.value) else { return nil }
                compressed = UnitText.format(
                    ByteCount(Int64(Double(size.count) / self.timeScale)))
            case "review.perItem":
                guard let span = try? UnitText.duration(setting.value) else { return nil }
                compressed = UnitText.format(span / self.timeScale)
            case "limiter.rate":
                guard let rate = try? UnitText.rate(setting.value) else { return nil }
                compressed = UnitText.trimmed(rate.perSecond * self.timeScale) + "/s"
            default:
                return nil
            }
            return PlanOutline.Constant(
                name: setting.path, value: setting.value, compressed: compressed)
        }
    }

    /// How long people wait, in the story and in this run.
    private var patienceConstants: [PlanOutline.Constant] {
        self.populations.compactMap { population in
            population.person.patience.map { patience in
                PlanOutline.Constant(
                    name: "patience of \(population.name)",
                    value: (patience / (1 / self.timeScale)).text, compressed: patience.text)
            }
        }
    }

    private var intakeSettings: [IntakeSetting] {
        switch self.target {
        case .url: []
        case .intake(let settings): settings
        }
    }
}
