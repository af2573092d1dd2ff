import Primitives

/// Which of the present second's attempts a lane keeps to be listed one by one.
///
/// A kind is a population, a step, an outcome and goodness. The first of a kind are all kept; once
/// there are more than a limit, a uniformly drawn subset of that size (reservoir sampling, J. S.
/// Vitter, "Random Sampling with a Reservoir", 1985, algorithm R). Each row kept then stands for
/// as many as were seen of its kind over as many as were kept: weighted counts of a kind are
/// exact, weighted means unbiased. Costs a multiplication per attempt beyond the limit.
struct AttemptReservoir: Sendable {
    /// The kept attempts of one kind.
    private struct Stratum: Sendable {
        var kept: [AttemptSample] = []
        var seen = 0
    }
    /// Rows kept of each kind; 0 for none at all.
    private let limit: Int
    private var random: UInt64
    /// By population, then by the kind's place among that population's kinds.
    private var strata: ContiguousArray<ContiguousArray<Stratum>>
    /// Every attempt, when there is no limit.
    private var all: [AttemptSample] = []

    /// An empty reservoir.
    ///
    /// - Parameters:
    ///   - limit: rows kept per second, roughly: a quarter of it of each kind of good attempts,
    ///     half of it of each other kind. 0 keeps none, `.max` every one.
    ///   - seed: two lanes with different seeds draw independently.
    init(populations: Int, limit: Int, seed: UInt64) {
        precondition(limit >= 0, "a limit is not negative")
        self.limit = limit
        self.random = CounterRandom.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        self.strata = ContiguousArray(repeating: [], count: populations)
    }

    /// Looks at an attempt; `kind` numbers its population's kinds in order of appearance.
    ///
    /// - Parameter complete: called for an attempt that is kept, perhaps to be replaced later on.
    @inline(__always)
    mutating func add(
        _ sample: borrowing AttemptSample, kind: Int, complete: (inout AttemptTrace) -> Void
    ) {
        if self.limit == 0 { return }
        self.consider(sample, kind: kind, complete: complete)
    }

    private mutating func consider(
        _ sample: borrowing AttemptSample, kind: Int, complete: (inout AttemptTrace) -> Void
    ) {
        if self.limit == .max {
            self.all.append(AttemptReservoir.row(sample, complete))
            return
        }
        let population = sample.population
        if kind >= self.strata[population].count {
            // Kinds appear one by one, hence in order.
            self.strata[population].append(Stratum())
        }
        self.strata[population][kind].seen += 1
        let size = max(1, sample.good ? self.limit / 4 : self.limit / 2)
        let kept = self.strata[population][kind].kept.count
        if kept < size {
            self.strata[population][kind].kept.append(AttemptReservoir.row(sample, complete))
            return
        }
        let seen = self.strata[population][kind].seen
        self.random &+= 0x9E37_79B9_7F4A_7C15
        let place = Int(
            CounterRandom.mix(self.random).multipliedFullWidth(by: UInt64(seen)).high)
        guard place < kept else { return }
        self.strata[population][kind].kept[place] = AttemptReservoir.row(sample, complete)
    }

    private static func row(
        _ sample: borrowing AttemptSample, _ complete: (inout AttemptTrace) -> Void
    ) -> AttemptSample {
        var row = copy sample
        complete(&row.trace)
        return row
    }

    /// Takes out the second's rows with their weights, and begins the next second.
    mutating func take() -> [AttemptSample] {
        if self.limit == .max {
            let rows = self.all
            // Rows are copied when an array grows; the next second is likely to be as long.
            self.all = []
            self.all.reserveCapacity(rows.count + rows.count / 8)
            return rows
        }
        var rows: [AttemptSample] = []
        for population in self.strata.indices where !self.strata[population].isEmpty {
            for stratum in self.strata[population] {
                let weight = Double(stratum.seen) / Double(max(1, stratum.kept.count))
                for var row in stratum.kept {
                    row.weight = weight
                    rows.append(row)
                }
            }
            self.strata[population] = []
        }
        return rows
    }
}
