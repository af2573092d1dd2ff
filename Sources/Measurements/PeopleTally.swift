package import Primitives

/// The people of a run, by class and by phase of arrival: made of how every intent ended.
///
/// Taking one in costs a search among the phases and a histogram's record; memory is that of the
/// histograms, however many people there were. Merging is addition.
package struct PeopleTally: Sendable, Hashable {
    private let classOf: [TrafficClass]
    private let phases: [PhaseFacts]
    /// By phase, then by population.
    private var groups: [[PeopleGroup]]

    /// Nobody yet, in a run of these populations and phases.
    package init(populations: [PopulationFacts], phases: [PhaseFacts]) {
        self.classOf = populations.map(\.trafficClass)
        self.phases = phases
        self.groups = Array(
            repeating: Array(repeating: PeopleGroup(), count: populations.count),
            count: max(1, phases.count))
    }

    /// Counts one person's end; one of no population of the run is left out.
    package mutating func add(_ end: IntentEnd) {
        guard self.classOf.indices.contains(end.population) else { return }
        // As the rows of the journal know it: an arrival before the run's start is in second 0.
        let second = end.arrived > 0 ? Int(end.arrived / 1_000_000) : 0
        let phase = PhaseFacts.index(in: self.phases, second: second) ?? 0
        self.groups[phase][end.population].add(end)
    }

    /// Adds the people of another machine that ran the same scenario.
    ///
    /// - Precondition: the same populations and phases.
    package mutating func merge(_ other: PeopleTally) {
        precondition(
            self.classOf == other.classOf && self.phases == other.phases, "one scenario")
        for phase in self.groups.indices {
            for population in self.groups[phase].indices {
                self.groups[phase][population].merge(other.groups[phase][population])
            }
        }
    }

    /// Everybody, by class; only classes that occur.
    package var classes: [TrafficClass: PeopleGroup] {
        self.byPhase.reduce(into: [:]) { sum, phase in
            for (kind, group) in phase { sum[kind, default: PeopleGroup()].merge(group) }
        }
    }

    /// By phase of arrival, in order of time, then by class; one part for all without phases.
    package var byPhase: [[TrafficClass: PeopleGroup]] {
        self.groups.map { populations in
            var classes: [TrafficClass: PeopleGroup] = [:]
            for (population, group) in populations.enumerated() {
                classes[self.classOf[population], default: PeopleGroup()].merge(group)
            }
            return classes
        }
    }

    /// How each population's people ended, by index: what the rows of the journal must agree with.
    package var endings: [RunSummary.Endings] {
        self.classOf.indices.map { population in
            self.groups.reduce(into: RunSummary.Endings()) {
                $0.merge($1[population].endings)
            }
        }
    }
}
