package import Primitives

/// The samples of one metric, ready to be aggregated.
package enum MetricSamples: Sendable, Hashable {
    /// A sum over that many seconds.
    case counter(Int64, seconds: Double)
    /// How many of how many.
    case share(Int, of: Int)
    /// Values in the order of time.
    case gauge([Double])
    /// Times; those of attempts without a good answer are censored and rank slowest.
    case trend(SparseHistogram, censored: SparseHistogram)
    /// The seconds in which most attempts were not good.
    case outage(OutageSpan)

    /// One number, times in milliseconds; nil without samples, or when the kind has no such number.
    ///
    /// A percentile that falls among censored times is infinite: slower than any limit.
    package func aggregate(_ aggregation: MetricAggregation) -> Double? {
        switch self {
        case .counter(let sum, let seconds):
            switch aggregation {
            case .count: Double(sum)
            case .rate: seconds > 0 ? Double(sum) / seconds : nil
            default: nil
            }
        case .share(let part, let whole):
            switch aggregation {
            case .rate where whole > 0: Double(part) / Double(whole)
            case .count: Double(part)
            default: nil
            }
        case .gauge(let values): MetricSamples.aggregate(values, aggregation)
        case .trend(let values, let censored):
            MetricSamples.aggregate(values, censored, aggregation)
        // Which of its two spans is meant, the metric's name says: `MetricReader.number`.
        case .outage: nil
        }
    }

    /// Adds the samples of the time after these.
    ///
    /// - Precondition: both are of one metric.
    package mutating func append(_ later: MetricSamples) {
        switch (self, later) {
        case (.counter(let sum, let seconds), .counter(let more, let longer)):
            self = .counter(sum + more, seconds: seconds + longer)
        case (.share(let part, let whole), .share(let more, let further)):
            self = .share(part + more, of: whole + further)
        case (.gauge(let values), .gauge(let more)):
            self = .gauge(values + more)
        case (.trend(var values, var censored), .trend(let more, let slower)):
            values.merge(more)
            censored.merge(slower)
            self = .trend(values, censored: censored)
        case (.outage(var span), .outage(let next)):
            span.append(next)
            self = .outage(span)
        default: preconditionFailure("samples of different metrics")
        }
    }

    /// How many values went in; a counter's are not known.
    package var count: Int {
        switch self {
        case .counter(let sum, _): Int(sum)
        case .share(_, let whole): whole
        case .gauge(let list): list.count
        case .trend(let values, let censored): values.total + censored.total
        case .outage(let span): span.seconds
        }
    }

    private static func aggregate(
        _ values: [Double], _ aggregation: MetricAggregation
    ) -> Double? {
        guard let last = values.last else { return nil }
        func quantile(_ share: Double) -> Double {
            values.sorted()[SparseHistogram.rank(share, of: values.count) - 1]
        }
        switch aggregation {
        case .value: return last
        case .avg: return values.reduce(0, +) / Double(values.count)
        case .min: return values.min()
        case .max: return values.max()
        case .med: return quantile(0.5)
        case .p(let percent): return percent <= 100 ? quantile(percent / 100) : nil
        case .count: return Double(values.count)
        case .rate: return nil
        }
    }

    private static func aggregate(
        _ values: SparseHistogram, _ censored: SparseHistogram, _ aggregation: MetricAggregation
    ) -> Double? {
        let total = values.total + censored.total
        guard total > 0 else { return nil }
        func quantile(_ share: Double) -> Double {
            guard let found = values.value(atRank: SparseHistogram.rank(share, of: total)) else {
                return .infinity
            }
            return Double(found) / 1000
        }
        switch aggregation {
        case .avg:
            let sums = [values, censored].map { ($0.mean ?? 0) * Double($0.total) }
            return (sums[0] + sums[1]) / Double(total) / 1000
        case .min:
            return [values.minimum, censored.minimum].compactMap { $0 }.min().map {
                Double($0) / 1000
            }
        case .max: return Double(Swift.max(values.maximum, censored.maximum)) / 1000
        case .med: return quantile(0.5)
        case .p(let percent): return percent <= 100 ? quantile(percent / 100) : nil
        case .count: return Double(total)
        case .rate, .value: return nil
        }
    }
}
