package import Primitives

/// How the people of one class fared who arrived in one phase: counts and times that add up.
///
/// Memory does not grow with the number of people: times are kept in histograms, one for each way
/// to end. A dropped person never began and is only counted.
package struct PeopleGroup: Sendable, Hashable {
    /// Tries told apart: the last place holds that try and all later ones.
    package static let tryLimit = 10
    /// How they ended; the six add up to the people.
    package private(set) var endings = RunSummary.Endings()
    /// Times from arrival to end in microseconds, by ending; never of dropped people.
    package private(set) var times: [IntentEnding: SparseHistogram] = [:]
    /// Accepted people by the try they got in on, the first at 0; of those whose tries are known.
    package private(set) var tries = [Int](repeating: 0, count: PeopleGroup.tryLimit)
    /// Transfers made for them.
    package private(set) var attempts = 0
    /// Transfers that were retries of the client's own.
    package private(set) var retries = 0
    /// Times they pressed again.
    package private(set) var presses = 0
    /// People who began and of whom only the end is known: files of an older Spate.
    package private(set) var withoutEffort = 0

    /// Nobody.
    package init() {}

    /// People who began: all but those whom the generator dropped.
    package var began: Int { self.endings.intents - self.endings.dropped }

    /// Counts one person's end.
    package mutating func add(_ end: IntentEnd) {
        self.endings.add(end.ending, 1)
        guard end.ending != .dropped else { return }
        self.times[end.ending, default: SparseHistogram()].record(end.ended - end.arrived)
        guard let effort = end.effort else {
            self.withoutEffort += 1
            return
        }
        self.attempts += effort.attempts
        self.retries += effort.retries
        self.presses += effort.presses
        guard end.ending == .accepted else { return }
        self.tries[min(effort.tries, PeopleGroup.tryLimit) - 1] += 1
    }

    /// Adds another phase's, lane's or machine's people; exact.
    package mutating func merge(_ other: PeopleGroup) {
        self.endings.merge(other.endings)
        self.times.merge(other.times) { left, right in
            var sum = left
            sum.merge(right)
            return sum
        }
        for place in self.tries.indices { self.tries[place] += other.tries[place] }
        self.attempts += other.attempts
        self.retries += other.retries
        self.presses += other.presses
        self.withoutEffort += other.withoutEffort
    }
}

extension RunSummary.Endings {
    /// Adds others.
    package mutating func merge(_ other: RunSummary.Endings) {
        self.intents += other.intents
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.gaveUp += other.gaveUp
        self.failed += other.failed
        self.dropped += other.dropped
        self.unfinished += other.unfinished
    }
}
