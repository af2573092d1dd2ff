import Primitives
import Scenarios

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A segment of a rate curve with its integral and the integral's inverse.
///
/// Times are seconds from the segment's start, masses are expected arrivals since then.
struct RatePiece: Sendable {
    /// The formula that a segment's shape and ends come down to.
    private enum Formula {
        case constant
        case linear
        case exponential(logarithm: Double)
        case smooth
    }

    let start: Nanoseconds
    let length: Double
    /// The arrivals expected in the whole segment.
    let total: Double
    private let from: Double
    private let to: Double
    private let formula: Formula

    /// What an exponential's zero end counts as, per second.
    ///
    /// A constant factor never leaves zero nor reaches it. 0.1/s is one arrival in ten seconds,
    /// which nobody tells from none; an other end below that makes the segment constant.
    static let exponentialFloor = 0.1

    init(_ segment: ArrivalSchedule.Segment) {
        self.start = segment.start
        let length = max(0, segment.duration.seconds)
        self.length = length
        var (from, to) = (max(0, segment.from), max(0, segment.to))
        switch segment.shape {
        case .step:
            from = to
            self.formula = .constant
        case _ where from == to:
            self.formula = .constant
        case .linear:
            self.formula = .linear
        case .smooth:
            self.formula = .smooth
        case .exponential:
            if from == 0 { from = min(to, RatePiece.exponentialFloor) }
            if to == 0 { to = min(from, RatePiece.exponentialFloor) }
            self.formula = from == to ? .constant : .exponential(logarithm: log(to / from))
        }
        self.from = from
        self.to = to
        switch self.formula {
        case .constant: self.total = to * length
        case .linear, .smooth: self.total = (from + to) / 2 * length
        case .exponential(let logarithm): self.total = (to - from) * length / logarithm
        }
    }

    /// The highest rate of the segment.
    var peak: Double { max(self.from, self.to) }

    /// The rate at a time inside the segment.
    func rate(at time: Double) -> Double {
        switch self.formula {
        case .constant: self.to
        case .linear: self.from + (self.to - self.from) * (time / self.length)
        case .exponential(let logarithm): self.from * exp(logarithm * (time / self.length))
        case .smooth:
            self.from + (self.to - self.from) * (1 - cos(.pi * time / self.length)) / 2
        }
    }

    /// The arrivals expected from the segment's start to a time inside it.
    func mass(until time: Double) -> Double {
        switch self.formula {
        case .constant:
            return self.to * time
        case .linear:
            return time * (self.from + (self.to - self.from) * (time / self.length) / 2)
        case .exponential(let logarithm):
            return self.from * self.length / logarithm * expm1(logarithm * (time / self.length))
        case .smooth:
            let turn = self.length / .pi
            return self.from * time + (self.to - self.from) / 2 * (time - turn * sin(time / turn))
        }
    }

    /// When the integral reaches `mass`, to far below a nanosecond.
    ///
    /// - Parameters:
    ///   - mass: from 0 up to, but not including, `total`.
    ///   - after: a time known to lie before the answer; speeds up `smooth`.
    func time(reaching mass: Double, after: Double) -> Double {
        switch self.formula {
        case .constant:
            return mass / self.to
        case .linear where self.to > self.from:
            return RatePiece.root(mass, slope: self.to - self.from, self.length, base: self.from)
        case .linear:
            // From the end backwards: forwards, the root of a falling line cancels near its end.
            let left = max(0, self.total - mass)
            let back = RatePiece.root(
                left, slope: self.from - self.to, self.length, base: self.to)
            return max(0, self.length - back)
        case .exponential(let logarithm):
            return self.length / logarithm * log1p(mass * logarithm / (self.from * self.length))
        case .smooth:
            return self.smoothTime(reaching: mass, after: after)
        }
    }

    /// The non-negative root of `base x t + slope / (2 length) x t^2 = mass`, without cancellation.
    private static func root(
        _ mass: Double, slope: Double, _ length: Double, base: Double
    ) -> Double {
        let divisor = base + (base * base + 2 * slope / length * mass).squareRoot()
        return divisor > 0 ? 2 * mass / divisor : 0
    }

    /// Newton's method kept inside a shrinking bracket; three or four rounds as a rule.
    private func smoothTime(reaching mass: Double, after: Double) -> Double {
        var (low, high) = (min(max(0, after), self.length), self.length)
        let firstRate = self.rate(at: low)
        let firstStep = firstRate > 0 ? (mass - self.mass(until: low)) / firstRate : .infinity
        var guess = low + firstStep
        if !(guess >= low && guess <= high) { guess = (low + high) / 2 }
        for _ in 0..<80 {
            let error = self.mass(until: guess) - mass
            if error > 0 { high = guess } else { low = guess }
            var next = guess - error / self.rate(at: guess)
            if !(next >= low && next <= high) { next = (low + high) / 2 }
            let step = abs(next - guess)
            guess = next
            if step < 1e-11 { break }
        }
        return guess
    }
}
