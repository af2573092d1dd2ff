#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The natural logarithm, for files that need nothing else of the C library.
func logarithm(_ value: Double) -> Double { log(value) }

/// e to a power, likewise.
func exponential(_ value: Double) -> Double { exp(value) }

/// A straight line by least squares.
struct LinearFit: Sendable {
    /// Its rise per unit.
    let slope: Double
    /// Its height at zero.
    let intercept: Double
    /// The share of the variance that it explains; 1 for a perfect line, 0 for none.
    let explained: Double
    /// The slope over its standard error, of independent deviations.
    let significance: Double

    /// Fits points; nil with fewer than three or all at one place.
    init?(_ points: [(x: Double, y: Double)]) {
        let n = Double(points.count)
        guard points.count >= 3 else { return nil }
        let meanX = points.reduce(0) { $0 + $1.x } / n
        let meanY = points.reduce(0) { $0 + $1.y } / n
        let xx = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
        let yy = points.reduce(0) { $0 + ($1.y - meanY) * ($1.y - meanY) }
        let xy = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
        guard xx > 0 else { return nil }
        self.slope = xy / xx
        self.intercept = meanY - xy / xx * meanX
        self.explained = yy > 0 ? xy * xy / (xx * yy) : 0
        let rest = max(0, yy - xy * xy / xx)
        let error = (rest / (n - 2) / xx).squareRoot()
        self.significance = error > 0 ? self.slope / error : (self.slope == 0 ? 0 : .infinity)
    }
}

/// The rising step function closest to values in order, by pooling adjacent violators (Ayer et
/// al., "An Empirical Distribution Function for Sampling with Incomplete Information", 1955).
func isotonicFit(_ values: [Double], weights: [Double]) -> [Double] {
    precondition(values.count == weights.count, "each value has a weight")
    var pools: [(sum: Double, weight: Double, count: Int)] = []
    for (value, weight) in zip(values, weights) {
        pools.append((value * weight, weight, 1))
        while pools.count > 1,
            pools[pools.count - 2].sum / pools[pools.count - 2].weight
                >= pools[pools.count - 1].sum / pools[pools.count - 1].weight
        {
            let last = pools.removeLast()
            pools[pools.count - 1].sum += last.sum
            pools[pools.count - 1].weight += last.weight
            pools[pools.count - 1].count += last.count
        }
    }
    return pools.flatMap { Array(repeating: $0.sum / $0.weight, count: $0.count) }
}

/// The probability that a chi-square variable with so many degrees of freedom exceeds a value.
///
/// Wilson and Hilferty's cube root (PNAS 17, 1931): within 0.001 from three degrees on, and within
/// 0.01 below, which is enough to compare with one in a thousand.
func chiSquareTail(_ value: Double, degrees: Int) -> Double {
    guard degrees > 0, value > 0 else { return 1 }
    let ninth = 2 / (9 * Double(degrees))
    let normal = (pow(value / Double(degrees), 1 / 3) - (1 - ninth)) / ninth.squareRoot()
    return 0.5 * erfc(normal / 2.0.squareRoot())
}

/// The normal deviate of k successes in n trials of probability p; 0 without spread.
func binomialDeviate(_ k: Double, of n: Double, probability p: Double) -> Double {
    let deviation = (n * p * (1 - p)).squareRoot()
    return deviation > 0 ? (k - n * p) / deviation : 0
}

/// The chance that a value of the second set exceeds one of the first: the area under the curve
/// (Mann and Whitney, 1947), ties counted half; nil when a set is empty.
func exceedance(of first: [Double], by second: [Double]) -> Double? {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let sorted = first.sorted()
    func below(_ value: Double, orEqual: Bool) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value || (orEqual && sorted[middle] == value) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
    let sum = second.reduce(0.0) {
        $0 + Double(below($1, orEqual: false) + below($1, orEqual: true)) / 2
    }
    return sum / Double(first.count) / Double(second.count)
}

/// The coefficient of variation by median and median absolute deviation; nil without values or
/// around zero.
func robustVariation(_ values: [Double]) -> Double? {
    guard let middle = median(values), middle > 0 else { return nil }
    return robustDeviation(values) / middle
}
