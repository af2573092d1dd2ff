import Primitives

/// The capacity at which goodput stops following the load: g = min(a, C), by least absolute error.
///
/// Beside Kneedle and latency rules the hinge is the only estimator with a bias of at most 1 % in
/// all regimes tried (research: diagnosis, 3.4). A fit costs about 450 evaluations of the error.
struct HingeFit: Sendable {
    /// A 5-s mean of load and goodput, per second.
    struct Point: Sendable, Hashable {
        var offered: Double
        var good: Double
    }
    /// The points fitted.
    let points: [Point]
    /// The capacity with the least error.
    let capacity: Double
    /// The sum of absolute errors there.
    let error: Double

    /// Fits points by a grid and a golden section around its best cell; nil without load.
    ///
    /// - Parameter from: the smallest capacity tried; a fifth of the largest load when nil.
    init?(_ points: [Point], grid: Int = 400, from: Double? = nil) {
        guard let largest = points.map(\.offered).max(), largest > 0 else { return nil }
        self.points = points
        let lowest = min(largest, from ?? 0.2 * largest)
        let step = (largest - lowest) / Double(grid - 1)
        var best = (capacity: largest, error: Double.infinity)
        for index in 0..<grid {
            let capacity = lowest + Double(index) * step
            let error = HingeFit.error(points, capacity)
            if error < best.error { best = (capacity, error) }
        }
        let refined = HingeFit.goldenSection(
            points, from: max(lowest, best.capacity - step),
            to: min(largest, best.capacity + step))
        if refined.error < best.error { best = refined }
        self.capacity = best.capacity
        self.error = best.error
    }

    /// The sum of absolute errors for one capacity.
    static func error(_ points: [Point], _ capacity: Double) -> Double {
        var sum = 0.0
        for point in points { sum += abs(point.good - min(point.offered, capacity)) }
        return sum
    }

    /// The least error of a line through the origin: the rival of a knee where a fixed share of
    /// requests fails at any load.
    var proportionalError: Double {
        var best = Double.infinity
        for index in 0...200 {
            let share = Double(index) / 200
            var sum = 0.0
            for point in self.points { sum += abs(point.good - share * point.offered) }
            best = min(best, sum)
        }
        return best
    }

    /// A 95 % interval by a moving-block bootstrap of the residuals (Künsch, 1989).
    ///
    /// Residuals are scaled by the root of the fitted value, as counts are, and drawn apart below
    /// and above the knee: drawing the points themselves would often leave out a short plateau.
    /// Resolution limits the interval to no less than 0.5 % to each side.
    func interval(draws: Int = 500, block: Int = 10, seed: UInt64) -> [Double] {
        let random = CounterRandom(seed: seed, population: 0, intent: 0, purpose: .expression)
        let fitted = self.points.map { min($0.offered, self.capacity) }
        let scaled = zip(self.points, fitted).map { ($0.good - $1) / max(1, $1).squareRoot() }
        let sides = [
            self.points.indices.filter { self.points[$0].offered <= self.capacity },
            self.points.indices.filter { self.points[$0].offered > self.capacity },
        ]
        var used = 0
        var capacities: [Double] = []
        for _ in 0..<draws {
            var drawn = self.points
            for side in sides where !side.isEmpty {
                let length = max(1, min(block, side.count / 2))
                var filled = 0
                while filled < side.count {
                    let start = random.integer(used, in: 0...(side.count - 1))
                    used += 1
                    for offset in 0..<length where filled < side.count {
                        let source = side[(start + offset) % side.count]
                        let place = side[filled]
                        drawn[place].good =
                            fitted[place] + scaled[source] * max(1, fitted[place]).squareRoot()
                        filled += 1
                    }
                }
            }
            if let fit = HingeFit(drawn, grid: 30, from: 0.7 * self.capacity) {
                capacities.append(fit.capacity)
            }
        }
        capacities.sort()
        let low = quantile(capacities, 0.025) ?? self.capacity
        let high = quantile(capacities, 0.975) ?? self.capacity
        return [min(low, self.capacity * 0.995), max(high, self.capacity * 1.005)]
    }

    private static func goldenSection(
        _ points: [Point], from: Double, to: Double
    ) -> (capacity: Double, error: Double) {
        let ratio = (5.0.squareRoot() - 1) / 2
        var low = from
        var high = to
        var left = high - ratio * (high - low)
        var right = low + ratio * (high - low)
        var leftError = HingeFit.error(points, left)
        var rightError = HingeFit.error(points, right)
        for _ in 0..<40 where high - low > 1e-4 * max(1, high) {
            if leftError <= rightError {
                (high, right, rightError) = (right, left, leftError)
                left = high - ratio * (high - low)
                leftError = HingeFit.error(points, left)
            } else {
                (low, left, leftError) = (left, right, rightError)
                right = low + ratio * (high - low)
                rightError = HingeFit.error(points, right)
            }
        }
        let middle = (low + high) / 2
        return (middle, HingeFit.error(points, middle))
    }
}
