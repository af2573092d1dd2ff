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
    /// Memoryless: the chance to end in the next moment never changes.
    case exponential(mean: Double)

    /// The value at two independent uniform draws in [0, 1).
    ///
    /// Only `lognormal` uses the second (Box and Muller, 1958).
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
            return -mean * log(1 - first)
        }
    }

    /// The expected value.
    package var mean: Double {
        switch self {
        case .fixed(let value): return value
        case .uniform(let low, let high): return (low + high) / 2
        case .lognormal(let median, let p99):
            let sigma = log(p99 / median) / Distribution.normal99
            return median * exp(sigma * sigma / 2)
        case .exponential(let mean): return mean
        }
    }

    /// The value that one draw in a hundred exceeds; for `fixed` the value itself.
    package var percentile99: Double {
        switch self {
        case .fixed(let value): value
        case .uniform(let low, let high): low + (high - low) * 0.99
        case .lognormal(_, let p99): p99
        case .exponential(let mean): mean * log(100)
        }
    }

    /// The value that half of all draws exceed.
    package var median: Double {
        switch self {
        case .fixed(let value): value
        case .uniform(let low, let high): (low + high) / 2
        case .lognormal(let median, _): median
        case .exponential(let mean): mean * log(2)
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
        }
    }

    /// The normal distribution's 99 % quantile.
    static let normal99 = 2.326_347_874_040_841
}
