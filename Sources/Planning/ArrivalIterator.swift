/// Walks a schedule's arrivals in order of time.
package struct ArrivalIterator: Sendable, IteratorProtocol, Sequence {
    private let schedule: ArrivalSchedule

    /// An iterator at the schedule's beginning.
    package init(_ schedule: ArrivalSchedule) {
        self.schedule = schedule
    }

    /// The next arrival, or nil after the last.
    package mutating func next() -> Arrival? {
        fatalError("written by the Planning author")
    }
}
