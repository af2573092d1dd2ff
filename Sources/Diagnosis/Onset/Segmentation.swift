#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Cuts a series into stretches of constant mean (PELT with L2 cost).
///
/// Killick, Fearnhead and Eckley, "Optimal detection of changepoints with a linear computational
/// cost", JASA 107 (2012). The penalty is 3 s^2 ln n with the long-run variance s^2 of the
/// baseline: per-second series are autocorrelated, and textbook penalties raise false alarms in a
/// third of healthy runs and more. Costs O(n) on average, O(n^2) at worst.
struct Segmentation {
    /// The first index of each stretch; begins with 0.
    let starts: [Int]
    /// How many values were cut.
    let count: Int

    /// Cuts a series.
    ///
    /// - Parameters:
    ///   - variance: the long-run variance of the baseline.
    ///   - minimum: the shortest stretch.
    init(_ values: [Double], variance: Double, minimum: Int = 5) {
        self.count = values.count
        guard values.count >= 2 * minimum else {
            self.starts = values.isEmpty ? [] : [0]
            return
        }
        let penalty = 3 * variance * log(Double(values.count))
        let sums = PrefixSums(values)
        var best = Array(repeating: Double.infinity, count: values.count + 1)
        var previous = Array(repeating: 0, count: values.count + 1)
        var candidates = [0]
        best[0] = -penalty
        for end in minimum...values.count {
            var costs: [(start: Int, cost: Double)] = []
            for start in candidates where end - start >= minimum {
                costs.append((start, best[start] + sums.cost(start, end)))
            }
            guard let least = costs.min(by: { $0.cost < $1.cost }) else { continue }
            best[end] = least.cost + penalty
            previous[end] = least.start
            // Pruning: a start that is already worse without the penalty can never win again.
            let hopeless = Set(costs.filter { $0.cost > best[end] }.map(\.start))
            candidates.removeAll { hopeless.contains($0) }
            let next = end - minimum + 1
            if next >= minimum { candidates.append(next) }
        }
        var starts: [Int] = []
        var end = values.count
        while end > 0 {
            end = previous[end]
            starts.append(end)
        }
        self.starts = starts.reversed()
    }

    /// The stretches as ranges of indices.
    var stretches: [Range<Int>] {
        self.starts.indices.map { index in
            let end = index + 1 < self.starts.count ? self.starts[index + 1] : self.count
            return self.starts[index]..<end
        }
    }
}

/// Sums of a series from which the squared error of any stretch follows in constant time.
struct PrefixSums {
    private var sums: [Double] = [0]
    private var squares: [Double] = [0]

    init(_ values: [Double]) {
        // Centring keeps the difference of large sums of squares exact enough.
        let centre = mean(values) ?? 0
        for value in values {
            let centred = value - centre
            self.sums.append((self.sums.last ?? 0) + centred)
            self.squares.append((self.squares.last ?? 0) + centred * centred)
        }
    }

    /// The squared error of the stretch around its own mean.
    func cost(_ start: Int, _ end: Int) -> Double {
        guard end > start else { return 0 }
        let sum = self.sums[end] - self.sums[start]
        return max(0, self.squares[end] - self.squares[start] - sum * sum / Double(end - start))
    }
}
