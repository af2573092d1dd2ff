#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A distribution of non-negative numbers, sampled from uniform draws.
package enum Distribution: Sendable, Hashable, Codable {
    /// Always the same value.
    case fixed(Double)
    /// Equally likely between the two ends.
    case uniform(min: Double, max: Double)
    /// Log-normal, given by two quantiles a person can estimate.
    ///
    /// mu = ln(median), sigma = ln(p99 / median) / 2.3263; 2.3263 is the normal 99 % quantile.
    case lognormal(median: Double, p99: Double)
    /// Exponential: what has lasted x lasts another `mean` on average, whatever x is.
    ///
    /// The share above x is e^(-x / mean); the mean is above 0.
    case exponential(mean: Double)
    /// Pareto: never below `min` (above 0), few very large; the share above x is (min / x)^shape.
    ///
    /// A shape (above 0) of 1 or less has no finite mean: a limit has to cut it.
    case pareto(min: Double, shape: Double)
    /// Normal, cut at 0: the part of the bell below 0 is left out, the rest scaled up.
    ///
    /// `mean` and `sd` (above 0) are the whole bell's; cut, the mean is a little higher.
    case normal(mean: Double, sd: Double)
    /// One of some values: written down with weights, or read from a file.
    case choices(WeightedValues)
    /// The values of a file that is still to be read: becomes `choices` when a plan is made.
    case recorded(RecordedValues)

    /// The value at two independent uniform draws in [0, 1).
    ///
    /// Only `lognormal` uses the second (Box and Muller, 1958). The others invert their
    /// distribution function: the value rises with the first draw. 0 for a file never read.
    package func value(_ first: Double, _ second: Double) -> Double {
        switch self {
        case .fixed(let value):
            return value
        case .uniform(let low, let high):
            return low + (high - low) * first
        case .lognormal(let median, let p99):
            let sigma = log(p99 / median) / Distribution.normal99
            // 1 - first lies in (0, 1], so the logarithm is finite.
            let normal = sqrt(-2 * log(1 - first)) * cos(2 * Double.pi * second)
            return median * exp(sigma * normal)
        case .exponential(let mean):
            return -mean * log1p(-first)
        case .pareto(let least, let shape):
            return least * pow(1 - first, -1 / shape)
        case .normal(let mean, let sd):
            let hidden = NormalLaw.below(-mean / sd)
            let share = min(hidden + first * (1 - hidden), 1 - 0x1p-53)
            return share > 0 ? max(0, mean + sd * NormalLaw.quantile(share)) : 0
        case .choices(let values):
            return values.value(first)
        case .recorded:
            return 0
        }
    }

    /// The expected value; infinite for a Pareto distribution whose shape is 1 or less.
    package var mean: Double { self.mean(atMost: .infinity) }

    /// The expected value of the smaller of a draw and a limit: of a size that is cut.
    ///
    /// E[min(X, L)] is the integral of P(X > x) from 0 to L, in closed form for each.
    package func mean(atMost limit: Double) -> Double {
        guard limit > 0 else { return 0 }
        switch self {
        case .fixed(let value):
            return min(value, limit)
        case .uniform(let low, let high):
            if limit >= high { return (low + high) / 2 }
            if limit <= low { return limit }
            return ((limit * limit - low * low) / 2 + limit * (high - limit)) / (high - low)
        case .lognormal(let median, let p99):
            let sigma = log(p99 / median) / Distribution.normal99
            guard sigma > 0 else { return min(median, limit) }
            let mean = median * exp(sigma * sigma / 2)
            guard limit.isFinite else { return mean }
            let place = log(limit / median) / sigma
            return mean * NormalLaw.below(place - sigma) + limit * NormalLaw.below(-place)
        case .exponential(let mean):
            return -mean * expm1(-limit / mean)
        case .pareto(let least, let shape):
            if limit <= least { return limit }
            if shape == 1 { return least * (1 + log(limit / least)) }
            return least * (shape - pow(least / limit, shape - 1)) / (shape - 1)
        case .normal(let mean, let sd):
            return Distribution.mean(ofNormal: mean, sd: sd, atMost: limit)
        case .choices(let values):
            return values.mean(atMost: limit)
        case .recorded:
            return 0
        }
    }

    private static func mean(ofNormal mean: Double, sd: Double, atMost limit: Double) -> Double {
        let low = -mean / sd
        let shown = NormalLaw.below(-low)
        guard limit.isFinite else { return mean + sd * NormalLaw.density(low) / shown }
        let high = (limit - mean) / sd
        let within = NormalLaw.below(high) - NormalLaw.below(low)
        let below = mean * within - sd * (NormalLaw.density(high) - NormalLaw.density(low))
        return (below + limit * NormalLaw.below(-high)) / shown
    }

    /// The value that one draw in a hundred exceeds; for `fixed` the value itself.
    package var percentile99: Double { self.quantile(0.99) }

    /// The value that half of all draws exceed.
    package var median: Double { self.quantile(0.5) }

    private func quantile(_ share: Double) -> Double {
        switch self {
        case .fixed(let value): return value
        case .lognormal(let median, let p99):
            return median * pow(p99 / median, NormalLaw.quantile(share) / Distribution.normal99)
        case .choices(let values): return values.quantile(share)
        case .uniform, .exponential, .pareto, .normal, .recorded: return self.value(share, 0)
        }
    }

    /// The distribution of every value divided by a number above zero.
    package static func / (left: Distribution, divisor: Double) -> Distribution {
        switch left {
        case .fixed(let value): .fixed(value / divisor)
        case .uniform(let low, let high): .uniform(min: low / divisor, max: high / divisor)
        case .lognormal(let median, let p99):
            .lognormal(median: median / divisor, p99: p99 / divisor)
        case .exponential(let mean): .exponential(mean: mean / divisor)
        case .pareto(let least, let shape): .pareto(min: least / divisor, shape: shape)
        case .normal(let mean, let sd): .normal(mean: mean / divisor, sd: sd / divisor)
        case .choices(let values): .choices(values.mapped { $0 / divisor })
        case .recorded: left
        }
    }

    /// The shape of a Pareto distribution of which 99 in 100 values lie below `p99`.
    package static func paretoShape(min least: Double, p99: Double) -> Double {
        log(100) / log(p99 / least)
    }

    /// The normal distribution's 99 % quantile.
    static let normal99 = 2.326_347_874_040_841
}
