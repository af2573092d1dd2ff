/// Puts the lanes' seconds together: a second comes out once every lane has delivered it.
///
/// Pure; lanes deliver at their own pace, each in order. Memory is that of the seconds that the
/// slowest lane has not delivered yet.
package struct SecondMerger: Sendable {
    /// A second of the whole run, ready for the journal.
    package struct Merged: Sendable {
        /// The counts.
        package var row: SecondRow
        /// The sampled attempts of all lanes.
        package var attempts: [AttemptSample]
        /// Every intent that ended.
        package var intentEnds: [IntentEnd]
    }
    private let populations: Int
    /// By lane: the first second it has not delivered; `.max` when it is done.
    private var next: [Int]
    private var waiting: [Int: Merged] = [:]
    private var emitted = 0

    /// A merger of that many lanes.
    package init(lanes: Int, populations: Int) {
        precondition(lanes > 0, "a run has lanes")
        self.populations = populations
        self.next = Array(repeating: 0, count: lanes)
    }

    /// Takes a lane's seconds and returns those that are now complete, in order, without gaps.
    ///
    /// - Precondition: a lane delivers each second once and in order.
    package mutating func deliver(lane: Int, _ seconds: [LaneSecond]) -> [Merged] {
        for second in seconds {
            precondition(second.second >= self.next[lane], "a second is delivered once")
            self.add(second)
            self.next[lane] = second.second + 1
        }
        return self.emit(before: self.next.min() ?? 0)
    }

    /// Says that a lane has delivered all it will; returns what that completes.
    package mutating func finish(lane: Int) -> [Merged] {
        self.next[lane] = .max
        let end = self.waiting.keys.max().map { $0 + 1 } ?? self.emitted
        return self.emit(before: min(self.next.min() ?? end, end))
    }

    /// Returns everything that is left; after the last lane's last delivery.
    package mutating func finishAll() -> [Merged] {
        let end = self.waiting.keys.max().map { $0 + 1 } ?? self.emitted
        self.next = self.next.map { _ in .max }
        return self.emit(before: end)
    }

    private mutating func add(_ second: LaneSecond) {
        var merged = self.waiting.removeValue(forKey: second.second) ?? self.blank(second.second)
        for (index, population) in second.populations.enumerated() {
            merged.row.populations[index].merge(population)
        }
        merged.attempts += second.attempts
        merged.intentEnds += second.intentEnds
        self.waiting[second.second] = merged
    }

    private mutating func emit(before end: Int) -> [Merged] {
        var complete: [Merged] = []
        while self.emitted < end {
            complete.append(
                self.waiting.removeValue(forKey: self.emitted) ?? self.blank(self.emitted))
            self.emitted += 1
        }
        return complete
    }

    private func blank(_ second: Int) -> Merged {
        Merged(
            row: SecondRow(
                second: second,
                populations: Array(repeating: PopulationSecond(), count: self.populations)),
            attempts: [], intentEnds: [])
    }
}
