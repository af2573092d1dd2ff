/// Keeps at most so many of a list of attempts, evenly over time, each with what it stands for.
///
/// Whenever there are too many, the largest kind (population, step, outcome, goodness) is halved:
/// of each two neighbours the earlier stays and takes the other's weight. So the weights of every
/// kind add up to what they did, rare kinds stay whole, and one pass is enough. Of more kinds than
/// the limit each keeps one row.
struct AttemptThinning {
    private struct Kind: Hashable {
        var population: Int
        var step: Int
        var outcome: String
        var good: Bool

        /// What sorts kinds, so that the same list is always thinned in the same way.
        var order: (Int, Int, String, Int) {
            (self.population, self.step, self.outcome, self.good ? 1 : 0)
        }
    }
    private struct Stratum {
        var rows: [AttemptLine] = []
        /// Lines that each row stands for.
        var linesEach = 1
        /// Lines that the last row has still to take.
        var missing = 0

        /// Takes the kind's next line; true when it became a row.
        mutating func take(_ line: AttemptLine) -> Bool {
            if self.missing > 0, let last = self.rows.indices.last {
                self.rows[last].weight += line.weight
                self.missing -= 1
                return false
            }
            self.rows.append(line)
            self.missing = self.linesEach - 1
            return true
        }

        mutating func halve() {
            var kept: [AttemptLine] = []
            kept.reserveCapacity(self.rows.count / 2 + 1)
            for place in stride(from: 0, to: self.rows.count, by: 2) {
                var row = self.rows[place]
                if place + 1 < self.rows.count { row.weight += self.rows[place + 1].weight }
                kept.append(row)
            }
            // A last row without a neighbour waits for as many lines as that would have taken.
            if !self.rows.count.isMultiple(of: 2) { self.missing += self.linesEach }
            self.linesEach *= 2
            self.rows = kept
        }
    }
    private let limit: Int
    private var strata: [Kind: Stratum] = [:]
    private var count = 0

    /// Nothing kept yet.
    init(limit: Int) {
        precondition(limit > 0, "a list of nothing cannot stand for anything")
        self.limit = limit
    }

    /// Takes the next line of the list.
    mutating func add(_ line: AttemptLine) {
        let kind = Kind(
            population: line.population, step: line.step, outcome: line.outcome, good: line.good)
        guard self.strata[kind, default: Stratum()].take(line) else { return }
        self.count += 1
        if self.count > self.limit { self.halveLargest() }
    }

    private mutating func halveLargest() {
        var largest: Kind?
        var most = 1
        for (kind, stratum) in self.strata where stratum.rows.count >= max(2, most) {
            if stratum.rows.count == most, let known = largest, known.order < kind.order {
                continue
            }
            largest = kind
            most = stratum.rows.count
        }
        guard let largest else { return }
        self.strata[largest]?.halve()
        self.count -= most / 2
    }

    /// Takes out the rows kept, by their end.
    ///
    /// One kind is nearly all of most long lists: it comes first, so that its rows are not copied.
    mutating func takeRows() -> [AttemptLine] {
        let kinds = self.strata.sorted { left, right in
            let (most, fewer) = (left.value.rows.count, right.value.rows.count)
            return most == fewer ? left.key.order < right.key.order : most > fewer
        }.map { $0.key }
        var rows: [AttemptLine] = []
        for kind in kinds {
            guard let stratum = self.strata.removeValue(forKey: kind) else { continue }
            if rows.isEmpty { rows = stratum.rows } else { rows += stratum.rows }
        }
        self.count = 0
        // Kinds are runs in order already, which the library's sort only merges.
        rows.sort { $0.t < $1.t }
        return rows
    }
}
