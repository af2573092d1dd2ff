import Primitives
import Scenarios

extension ExperimentDesign {
    /// E1: the stages up to the peak in a quarter of their time, then the peak until it would
    /// have been reached; the rest, and the clock, stay.
    mutating func steeper() throws(ExperimentRefusal) {
        var changed = false
        for index in self.people {
            switch self.scenario.populations[index].load {
            case .rampingArrivalRate(let start, let stages, let spacing):
                guard let steep = ExperimentDesign.steep(stages, from: start.perSecond) else {
                    continue
                }
                self.scenario.populations[index].load = .rampingArrivalRate(
                    startRate: start, stages: steep, spacing: spacing)
                changed = true
            case .rampingVUs(let start, let stages, let graceful):
                guard let steep = ExperimentDesign.steep(stages, from: Double(start)) else {
                    continue
                }
                self.scenario.populations[index].load = .rampingVUs(
                    startVUs: start, stages: steep, gracefulRampDown: graceful)
                changed = true
            default: continue
            }
        }
        guard changed else {
            throw self.refusal(
                "no population has stages that rise; a load without a slope has none to change")
        }
    }

    private static func steep(_ stages: [StageSpec], from start: Double) -> [StageSpec]? {
        guard let peak = stages.map(\.target).max(), peak > start,
            let top = stages.firstIndex(where: { $0.target == peak })
        else { return nil }
        var result = stages[...top].map { stage in
            var copy = stage
            copy.duration = stage.duration / 4
            return copy
        }
        let saved = stages[...top].reduce(Nanoseconds.zero) { $0 + $1.duration * 0.75 }
        result.append(StageSpec(duration: saved, target: peak))
        return result + stages[(top + 1)...]
    }

    /// E7: thirty seconds of relief, and a minute of load behind it.
    mutating func relief() throws(ExperimentRefusal) {
        let scale = self.scenario.timeScale
        let length = Nanoseconds.seconds(30) * scale
        let rest = Nanoseconds.seconds(60) * scale
        var end = Nanoseconds.zero
        for index in self.people {
            let population = self.scenario.populations[index]
            switch population.load {
            case .constantArrivalRate(let rate, let duration, let spacing):
                self.scenario.populations[index].load = .constantArrivalRate(
                    rate: rate, duration: duration + length + rest, spacing: spacing)
                end = max(end, population.startTime + duration)
            case .constantVUs(let vus, let duration):
                self.scenario.populations[index].load = .constantVUs(
                    vus: vus, duration: duration + length + rest)
                end = max(end, population.startTime + duration)
            case .rampingArrivalRate(let start, let stages, let spacing):
                let level = ExperimentDesign.lastLevel(stages, start: start.perSecond)
                self.scenario.populations[index].load = .rampingArrivalRate(
                    startRate: start,
                    stages: stages + [
                        StageSpec(duration: length + rest, target: level, shape: .step)
                    ], spacing: spacing)
                end = max(
                    end, population.startTime + stages.reduce(.zero) { $0 + $1.duration })
            default: continue
            }
        }
        guard end > .zero else {
            throw self.refusal(
                "no population has a rate or clients that could go on after the run's end; write"
                    + " a phase of kind relief into the scenario")
        }
        for index in self.scenario.populations.indices
        where self.scenario.populations[index].trafficClass == .probe {
            guard
                case .constantArrivalRate(let rate, let duration, let spacing) =
                    self.scenario.populations[index].load
            else { continue }
            self.scenario.populations[index].load = .constantArrivalRate(
                rate: rate, duration: duration + length + rest, spacing: spacing)
        }
        self.scenario.safety.maxDuration = self.scenario.safety.maxDuration.map {
            $0 + .seconds(90)
        }
        self.scenario.reliefs = [ReliefSpec(at: end, duration: length)]
    }

    /// The level at which a course ends; the first one's where it ends with nobody.
    private static func lastLevel(_ stages: [StageSpec], start: Double) -> Double {
        if let last = stages.last?.target, last > 0 { return last }
        return start > 0 ? start : (stages.first { $0.target > 0 }?.target ?? 0)
    }

    /// E11: four times as long at six tenths of the capacity.
    mutating func soak() throws(ExperimentRefusal) {
        let people = self.people.filter {
            ExperimentDesign.peak(self.scenario.populations[$0].load) != nil
        }
        let total = people.reduce(0.0) {
            $0 + (ExperimentDesign.peak(self.scenario.populations[$1].load) ?? 0)
        }
        guard let capacity = self.knowledge.capacity, total > 0 else {
            throw self.refusal(
                "needs the capacity, which a run has to show first: give it as"
                    + " --capacity 40/s, or run the scenario with a load that reaches it")
        }
        let end = self.scenario.populations.compactMap(ExperimentDesign.end).max() ?? .zero
        guard end > .zero else { throw self.refusal("how long the run lasts is not known") }
        for index in people {
            let share =
                (ExperimentDesign.peak(self.scenario.populations[index].load) ?? 0) / total
            self.scenario.populations[index].load = .constantArrivalRate(
                rate: Rate(perSecond: 0.6 * capacity * share), duration: end * 4,
                spacing: .poisson)
            self.scenario.populations[index].startTime = .zero
        }
        self.scenario.reliefs = []
        self.scenario.safety.maxDuration = self.scenario.safety.maxDuration.map { $0 * 4 }
    }

    /// The highest rate of an open executor that has one.
    private static func peak(_ load: LoadSpec) -> Double? {
        switch load {
        case .constantArrivalRate(let rate, _, _): rate.perSecond
        case .rampingArrivalRate(let start, let stages, _):
            max(start.perSecond, stages.map(\.target).max() ?? 0)
        default: nil
        }
    }

    /// Where a population ends, in story time; nil where a file decides.
    private static func end(of population: PopulationSpec) -> Nanoseconds? {
        let length: Nanoseconds? =
            switch population.load {
            case .constantArrivalRate(_, let duration, _), .constantVUs(_, let duration),
                .viral(_, let duration, _), .diurnal(_, let duration, _),
                .hawkes(_, _, _, let duration):
                duration
            case .trace(let trace): trace.length
            case .rampingArrivalRate(_, let stages, _), .rampingVUs(_, let stages, _):
                stages.reduce(Nanoseconds.zero) { $0 + $1.duration }
            case .perVUIterations(_, _, let longest), .sharedIterations(_, _, let longest):
                longest
            }
        return length.map { population.startTime + $0 }
    }

    /// A load's rates and numbers of clients times a factor.
    static func scaled(_ load: LoadSpec, by factor: Double) -> LoadSpec? {
        func stages(_ stages: [StageSpec]) -> [StageSpec] {
            stages.map { stage in
                var copy = stage
                copy.target *= factor
                return copy
            }
        }
        switch load {
        case .constantArrivalRate(let rate, let duration, let spacing):
            return .constantArrivalRate(
                rate: Rate(perSecond: rate.perSecond * factor), duration: duration,
                spacing: spacing)
        case .rampingArrivalRate(let start, let list, let spacing):
            return .rampingArrivalRate(
                startRate: Rate(perSecond: start.perSecond * factor), stages: stages(list),
                spacing: spacing)
        default: return nil
        }
    }
}
