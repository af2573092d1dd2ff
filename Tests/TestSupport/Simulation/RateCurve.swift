/// Arrivals per second over time: straight lines between points, nothing before and after.
package struct RateCurve: Sendable, Hashable {
    /// A corner of the curve; two at the same time make a step.
    package struct Point: Sendable, Hashable {
        /// Seconds from the start.
        package var time: Double
        /// Arrivals per second.
        package var rate: Double

        /// A corner.
        package init(_ time: Double, _ rate: Double) {
            self.time = time
            self.rate = rate
        }
    }
    /// The corners in order of time.
    package let points: [Point]

    /// A curve through at least two corners in order of time.
    package init(_ points: [Point]) {
        precondition(points.count >= 2, "a curve has at least two corners")
        precondition(
            zip(points, points.dropFirst()).allSatisfy { $0.time <= $1.time && $0.rate >= 0 },
            "corners are in order of time, rates not negative")
        self.points = points
    }

    /// The same rate for so many seconds.
    package static func constant(_ rate: Double, seconds: Double) -> RateCurve {
        RateCurve([Point(0, rate), Point(seconds, rate)])
    }

    /// A quiet beginning, a rise, a plateau, and the quiet rate again until the end.
    package static func surge(
        from low: Double, to high: Double, quiet: Double, rise: Double, plateau: Double,
        seconds: Double
    ) -> RateCurve {
        let top = quiet + rise
        let fall = min(seconds, top + plateau)
        var points = [Point(0, low), Point(quiet, low), Point(top, high), Point(fall, high)]
        if fall < seconds { points += [Point(fall, low), Point(seconds, low)] }
        return RateCurve(points)
    }

    /// Where the curve ends.
    package var end: Double { self.points.last?.time ?? 0 }

    /// The largest rate.
    package var most: Double { self.points.map(\.rate).max() ?? 0 }

    /// The rate at a moment; after a step's moment the later one.
    package func rate(at time: Double) -> Double {
        for (from, to) in zip(self.points, self.points.dropFirst())
        where time >= from.time && time < to.time {
            return from.rate + (to.rate - from.rate) * (time - from.time) / (to.time - from.time)
        }
        return 0
    }

    /// The first moment from `start` on at which the rate is at least this; nil when it never is.
    package func reaches(_ rate: Double, from start: Double = 0) -> Double? {
        for (from, to) in zip(self.points, self.points.dropFirst()) where to.time > start {
            if from.rate >= rate { return max(start, from.time) }
            guard to.rate >= rate, to.rate > from.rate else { continue }
            let share = (rate - from.rate) / (to.rate - from.rate)
            return max(start, from.time + share * (to.time - from.time))
        }
        return nil
    }

    /// The moment by which `count` more are expected after `start`; nil beyond the curve's end.
    ///
    /// Solves r x + k x^2 / 2 = count on each piece, in the form without cancellation.
    package func moment(after start: Double, count: Double) -> Double? {
        var left = count
        for (from, to) in zip(self.points, self.points.dropFirst())
        where to.time > start && to.time > from.time {
            let slope = (to.rate - from.rate) / (to.time - from.time)
            let begin = max(start, from.time)
            let rate = from.rate + slope * (begin - from.time)
            let area = (rate + to.rate) / 2 * (to.time - begin)
            guard left <= area else {
                left -= area
                continue
            }
            let root = max(0, rate * rate + 2 * slope * left).squareRoot()
            guard rate + root > 0 else { return begin }
            return min(to.time, begin + 2 * left / (rate + root))
        }
        return nil
    }
}
