/// Whose pace it is.
enum Paced {
    /// A transfer's: it may begin, send on, or be told.
    case transfer(UnsafeMutablePointer<EasySlot>)
    /// A client's link's: it may receive on, or something happens to it.
    case link(UnsafeMutablePointer<ClientLink>)
}

/// When links and their transfers are to be looked at: a binary heap of a lane's own.
///
/// Entries are not searched for: one whose instant is no longer its owner's is stale, and owners
/// stay where they are as long as the lane. Confined to the lane's queue.
struct PaceHeap {
    struct Entry {
        var at: Int64
        var owner: Paced
    }
    private var items: [Entry] = []

    /// The earliest entry's instant; `.max` when there is none.
    var next: Int64 { self.items.isEmpty ? .max : self.items[0].at }
    /// How many entries there are, stale ones included.
    var count: Int { self.items.count }

    /// Adds an entry; one at `.max` never comes, and is left out.
    mutating func insert(_ owner: Paced, at: Int64) {
        guard at < .max else { return }
        let entry = Entry(at: at, owner: owner)
        var index = self.items.count
        self.items.append(entry)
        while index > 0 {
            let parent = (index - 1) / 2
            if self.items[parent].at <= at { break }
            self.items[index] = self.items[parent]
            index = parent
        }
        self.items[index] = entry
    }

    /// Takes out the earliest entry that is due; nil when none is.
    mutating func popDue(now: Int64) -> Entry? {
        guard let first = self.items.first, first.at <= now else { return nil }
        let last = self.items.removeLast()
        if !self.items.isEmpty { self.sink(last) }
        return first
    }

    private mutating func sink(_ entry: Entry) {
        var index = 0
        let count = self.items.count
        while true {
            var child = index * 2 + 1
            guard child < count else { break }
            if child + 1 < count, self.items[child + 1].at < self.items[child].at { child += 1 }
            if entry.at <= self.items[child].at { break }
            self.items[index] = self.items[child]
            index = child
        }
        self.items[index] = entry
    }
}
