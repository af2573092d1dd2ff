#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The median; nil for no values.
func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The arithmetic mean; nil for no values.
func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// The value at a quantile in [0, 1] of sorted values, by linear interpolation.
func quantile(_ sorted: [Double], _ share: Double) -> Double? {
    guard let last = sorted.last else { return nil }
    let position = share * Double(sorted.count - 1)
    let below = Int(position.rounded(.down))
    guard below + 1 < sorted.count else { return last }
    let weight = position - Double(below)
    return sorted[below] * (1 - weight) + sorted[below + 1] * weight
}

/// The standard deviation as the median absolute deviation scaled for the normal law.
func robustDeviation(_ values: [Double]) -> Double {
    guard let middle = median(values) else { return 0 }
    return 1.4826 * (median(values.map { abs($0 - middle) }) ?? 0)
}

/// The autocorrelation at lag 1 around the median, clipped to [0, 0.95].
func lagOneCorrelation(_ values: [Double]) -> Double {
    guard values.count > 2, let middle = median(values) else { return 0 }
    let centred = values.map { $0 - middle }
    let left = Array(centred.dropLast())
    let right = Array(centred.dropFirst())
    guard let meanLeft = mean(left), let meanRight = mean(right) else { return 0 }
    var cross = 0.0
    var leftSquares = 0.0
    var rightSquares = 0.0
    for index in left.indices {
        cross += (left[index] - meanLeft) * (right[index] - meanRight)
        leftSquares += (left[index] - meanLeft) * (left[index] - meanLeft)
        rightSquares += (right[index] - meanRight) * (right[index] - meanRight)
    }
    guard leftSquares > 0, rightSquares > 0 else { return 0 }
    return min(0.95, max(0, cross / (leftSquares * rightSquares).squareRoot()))
}

/// The variance of a series' mean, per observation, when neighbours are alike: s^2 (1+phi)/(1-phi).
///
/// - Parameter floor: the smallest standard deviation believed; a constant baseline is no
///   licence to call the first wobble a change.
func longRunVariance(_ baseline: [Double], floor: Double) -> Double {
    let deviation = max(floor, robustDeviation(baseline))
    let phi = lagOneCorrelation(baseline)
    return deviation * deviation * (1 + phi) / (1 - phi)
}

/// The 95 % interval of a share (Wilson, 1927); nil for no trials.
func wilsonInterval(successes: Int, trials: Int) -> [Double]? {
    guard trials > 0 else { return nil }
    let z = 1.959_963_984_540_054
    let n = Double(trials)
    let share = Double(successes) / n
    let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half =
        z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
    return [max(0, centre - half), min(1, centre + half)]
}

/// The empirical logit of k in n: ln((k + 1/2) / (n - k + 1/2)).
func empiricalLogit(_ k: Double, of n: Double) -> Double {
    log((k + 0.5) / (max(0, n - k) + 0.5))
}
