#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Things of unequal weight, drawn one at a time by inversion: running sums and a binary search.
///
/// Exact but for the rounding of the sums (relative error below count x 1.1e-16). A draw takes
/// log2(count) steps; 8 bytes a thing.
package struct CumulativeShares: Sendable, Hashable, Codable {
    /// The share of all things up to and including each; the last is 1.
    private let sums: [Double]

    /// Shares in proportion to some weights: at least one, none negative, not all 0, all finite.
    package init(weights: [Double]) {
        precondition(!weights.isEmpty, "nothing to draw from")
        var sums: [Double] = []
        sums.reserveCapacity(weights.count)
        var sum = 0.0
        for weight in weights {
            precondition(weight >= 0 && weight.isFinite, "a weight out of range")
            sum += weight
            sums.append(sum)
        }
        precondition(sum > 0 && sum.isFinite, "weights without a sum")
        for index in sums.indices { sums[index] /= sum }
        sums[sums.count - 1] = 1
        self.sums = sums
    }

    /// Zipf's law: the k-th most popular of `count` things weighs k^-exponent.
    ///
    /// Zipf, "Human behavior and the principle of least effort", 1949; for what is asked of web
    /// servers Breslau et al., "Web caching and Zipf-like distributions", INFOCOM 1999. An exponent
    /// of 0 makes all alike. About 20 ns a thing, once.
    package init(zipf count: Int, exponent: Double) {
        precondition(count > 0 && exponent >= 0, "no law of Zipf's")
        self.init(weights: (1...count).map { pow(Double($0), -exponent) })
    }

    /// How many things there are.
    package var count: Int { self.sums.count }

    /// Which thing a uniform draw in [0, 1) takes, from 0.
    package func index(_ draw: Double) -> Int {
        var (low, high) = (0, self.sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if draw < self.sums[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The share of one thing, 0 to 1.
    package func share(of index: Int) -> Double {
        index == 0 ? self.sums[0] : self.sums[index] - self.sums[index - 1]
    }
}
