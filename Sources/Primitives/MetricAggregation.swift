/// How a threshold makes one number of a metric's samples; k6's words.
package enum MetricAggregation: Sendable, Hashable {
    /// The mean.
    case avg
    /// The smallest.
    case min
    /// The largest.
    case max
    /// The median.
    case med
    /// How many, or how much, of a counter.
    case count
    /// Per second of a counter; the share of a rate, from 0 to 1.
    case rate
    /// The last value of a gauge.
    case value
    /// A percentile, from 0 to 100.
    case p(Double)

    /// The words without an argument.
    package static let plain: [MetricAggregation] = [.avg, .min, .max, .med, .count, .rate, .value]

    /// The word in an expression: `avg`, `p(95.0)`.
    package var word: String {
        switch self {
        case .avg: "avg"
        case .min: "min"
        case .max: "max"
        case .med: "med"
        case .count: "count"
        case .rate: "rate"
        case .value: "value"
        case .p(let percent): "p(\(percent))"
        }
    }

    /// The aggregation of that word; nil when there is none.
    package init?(word: String) {
        if let found = Self.plain.first(where: { $0.word == word }) {
            self = found
        } else if word.hasPrefix("p("), word.hasSuffix(")"),
            let percent = Double(word.dropFirst(2).dropLast())
        {
            self = .p(percent)
        } else {
            return nil
        }
    }
}

extension MetricAggregation: Codable {
    private enum OldKeys: String, CodingKey {
        case avg, min, max, med, count, rate, value, percentile
    }
    private struct OldPercent: Decodable {
        var percent: Double
        enum CodingKeys: String, CodingKey { case percent = "_0" }
    }

    /// Reads a word, or the object of a run that an older Spate wrote.
    package init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            guard let found = MetricAggregation(word: word) else {
                throw DecodingError.dataCorrupted(
                    DecodingError.Context(
                        codingPath: decoder.codingPath,
                        debugDescription: "'\(word)' is no aggregation"))
            }
            self = found
            return
        }
        let old = try decoder.container(keyedBy: OldKeys.self)
        if old.contains(.percentile) {
            self = .p(try old.decode(OldPercent.self, forKey: .percentile).percent)
        } else if let word = old.allKeys.first?.rawValue, let found = MetricAggregation(word: word)
        {
            self = found
        } else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "no aggregation"))
        }
    }

    /// Writes the word.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.word)
    }
}
