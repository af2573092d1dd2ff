import Primitives
import Scenarios

/// Names the stretches of a run by the stages of the first population that names any.
///
/// Neighbouring stages of one name are one phase; an unnamed stage is called `stage-N`. Time before the first and after the
/// last stage becomes `before` and `after`. Without named stages there is one phase, `run`.
struct PhasePlanning {
    let phases: [PlannedPhase]

    init(_ scenario: Scenario, scale: StoryScale, duration: Nanoseconds) {
        var phases: [PlannedPhase] = []
        for population in scenario.populations {
            let stages = population.load.stages
            guard stages.contains(where: { $0.name != nil }) else { continue }
            var begin = scale.wall(population.startTime)
            if begin > .zero {
                phases.append(PlannedPhase(name: "before", start: .zero, end: begin, kind: .load))
            }
            for (index, stage) in stages.enumerated() {
                let end = begin + scale.wall(stage.duration)
                let name = stage.name ?? "stage-\(index + 1)"
                // A stage without duration is a jump of the level, not a stretch of time.
                if end > begin, let last = phases.last, last.name == name, last.kind == stage.kind {
                    phases[phases.count - 1].end = end
                } else if end > begin {
                    phases.append(
                        PlannedPhase(name: name, start: begin, end: end, kind: stage.kind))
                }
                begin = end
            }
            if begin < duration {
                phases.append(
                    PlannedPhase(name: "after", start: begin, end: duration, kind: .load))
            }
            break
        }
        if phases.isEmpty, duration > .zero {
            phases = [PlannedPhase(name: "run", start: .zero, end: duration, kind: .load)]
        }
        self.phases = phases
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
