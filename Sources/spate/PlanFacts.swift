import Measurements
import Planning
import Primitives
import Scenarios

// What the run's files need to know of a plan. Measurements and Diagnosis cannot see the
// scenario's types, so the command line, which sees both sides, carries the facts over.

extension PopulationPlan {
    /// The facts for a manifest.
    var facts: PopulationFacts {
        var facts = PopulationFacts(
            name: self.name, trafficClass: self.trafficClass, executor: self.executor,
            steps: self.steps.map(\.name), writes: self.writes, tags: self.tags,
            timeout: self.steps.map(\.timeout.seconds).max() ?? 0,
            retries: self.steps.map { $0.retry?.max ?? 0 }.max() ?? 0)
        facts.retriesPerRequest = self.steps.map { $0.retry?.retriesPerRequest ?? 0 }.max()
        return facts
    }
}

extension PlannedPhase {
    /// The facts for a manifest.
    var facts: PhaseFacts {
        let kind: PhaseFacts.Kind =
            switch self.kind {
            case .load: .load
            case .relief: .relief
            case .maintenance: .maintenance
            }
        return PhaseFacts(
            name: self.name, start: self.start.seconds, end: self.end.seconds, kind: kind)
    }
}

extension PlannedEvent {
    /// The facts for a manifest.
    var facts: TimelineFacts {
        TimelineFacts(at: self.at.seconds, kind: self.kind.rawValue, label: self.label)
    }
}
