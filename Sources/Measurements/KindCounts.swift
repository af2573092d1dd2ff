/// Counts of a few kinds: what was counted last is looked at first, then the others in turn.
///
/// A request counts the same kinds as the one before it nearly always, so that this costs a
/// comparison where a dictionary costs a hash; with n kinds at worst n comparisons.
struct KindCounts<Kind: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        let kind: Kind
        var count: Int
    }
    private var entries: ContiguousArray<Entry> = []
    private var latest = 0

    /// Counts one of a kind; returns the kind's place among those seen, from 0.
    mutating func add(_ kind: Kind) -> Int {
        if self.latest < self.entries.count, self.entries[self.latest].kind == kind {
            self.entries[self.latest].count += 1
            return self.latest
        }
        if let index = self.entries.firstIndex(where: { $0.kind == kind }) {
            self.latest = index
            self.entries[index].count += 1
            return index
        }
        self.latest = self.entries.count
        self.entries.append(Entry(kind: kind, count: 1))
        return self.latest
    }

    /// The counts by kind.
    var byKind: [Kind: Int] {
        var found: [Kind: Int] = [:]
        for entry in self.entries { found[entry.kind] = entry.count }
        return found
    }
}
