import Primitives
import Scenarios

/// Names the stretches of a run by the stages of the first population that names any.
///
/// An unnamed stage continues the phase before it. Time before the first named stage and after the
/// last stage becomes `before` and `after`. Without named stages there is one phase, `run`. A
/// relief takes its stretch out of the phase in which it lies; what is left behind it is `after-`
/// it.
struct PhasePlanning {
    private(set) var phases: [PlannedPhase] = []

    init(_ scenario: Scenario, scale: StoryScale, duration: Nanoseconds) {
        let leading = scenario.populations.first { population in
            population.load.stages.contains { $0.name != nil }
        }
        defer { self.insert(scenario.reliefs.map { ReliefWindow($0, scale) }) }
        guard let leading else {
            self.append("run", to: duration, kind: .load)
            return
        }
        var end = scale.wall(leading.startTime)
        self.append("before", to: end, kind: .load)
        for stage in leading.load.stages {
            end += scale.wall(stage.duration)
            if let name = stage.name {
                self.append(name, to: end, kind: stage.kind)
            } else if self.phases.isEmpty {
                self.append("before", to: end, kind: .load)
            } else {
                self.phases[self.phases.count - 1].end = end
            }
        }
        self.append("after", to: duration, kind: .load)
    }

    private mutating func insert(_ reliefs: [ReliefWindow]) {
        for relief in reliefs {
            self.phases = self.phases.flatMap { phase -> [PlannedPhase] in
                guard phase.start < relief.end, relief.start < phase.end else { return [phase] }
                var (first, middle, last) = (phase, phase, phase)
                first.end = relief.start
                middle.name = relief.name
                middle.kind = .relief
                middle.start = max(phase.start, relief.start)
                middle.end = min(phase.end, relief.end)
                last.start = relief.end
                if first.start < first.end { last.name = "after-\(relief.name)" }
                return [first, middle, last].filter { $0.start < $0.end }
            }
        }
        // A relief that covers the border of two phases is one phase.
        self.phases = self.phases.reduce(into: []) { merged, phase in
            if let before = merged.last, before.kind == .relief, before.name == phase.name {
                merged[merged.count - 1].end = phase.end
            } else {
                merged.append(phase)
            }
        }
    }

    /// Appends a phase from the last one's end; a stage without duration is no stretch of time.
    private mutating func append(_ name: String, to end: Nanoseconds, kind: PhaseKind) {
        let start = self.phases.last?.end ?? .zero
        guard start < end else { return }
        self.phases.append(PlannedPhase(name: name, start: start, end: end, kind: kind))
    }
}

extension LoadSpec {
    /// The stages of a ramping executor; none otherwise.
    var stages: [StageSpec] {
        switch self {
        case .rampingArrivalRate(_, let stages, _), .rampingVUs(_, let stages, _): stages
        default: []
        }
    }
}
