/// Events in order of time; those of the same instant in the order in which they were added.
///
/// A binary heap: adding and taking cost a logarithm of how many wait.
struct EventQueue<Event> {
    private struct Entry {
        var time: Double
        var number: Int
        var event: Event

        func isBefore(_ other: Entry) -> Bool {
            self.time != other.time ? self.time < other.time : self.number < other.number
        }
    }
    private var heap: [Entry] = []
    private var added = 0

    /// Adds an event.
    mutating func add(_ event: Event, at time: Double) {
        self.heap.append(Entry(time: time, number: self.added, event: event))
        self.added += 1
        var place = self.heap.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard self.heap[place].isBefore(self.heap[parent]) else { break }
            self.heap.swapAt(place, parent)
            place = parent
        }
    }

    /// Takes the earliest; nil when none waits.
    mutating func next() -> (time: Double, event: Event)? {
        guard let first = self.heap.first, let last = self.heap.popLast() else { return nil }
        guard !self.heap.isEmpty else { return (first.time, first.event) }
        self.heap[0] = last
        var place = 0
        while true {
            var least = place
            let left = 2 * place + 1
            let right = left + 1
            if left < self.heap.count, self.heap[left].isBefore(self.heap[least]) { least = left }
            if right < self.heap.count, self.heap[right].isBefore(self.heap[least]) {
                least = right
            }
            guard least != place else { break }
            self.heap.swapAt(place, least)
            place = least
        }
        return (first.time, first.event)
    }
}
