/// A threshold's expression in its parts: `p(95) < 500 ms`.
struct ThresholdExpression {
    /// How the metric's values become one number.
    var aggregation: ThresholdRule.Aggregation
    /// How the number is compared.
    var comparison: ThresholdRule.Comparison
    /// The number as written.
    var number: Double
    /// Its unit; empty when none is written.
    var unit: String

    /// The units of ux.md's grammar, in the schema's order.
    static let units = ["us", "µs", "ms", "s", "m", "%", "/s", "B", "kB", "MB", "KiB", "MiB"]
    /// The same grammar as a regular expression.
    static let pattern =
        "^\\s*(avg|min|max|med|count|rate|value|p\\(\\s*[0-9]+(\\.[0-9]+)?\\s*\\))\\s*"
        + "(<=|>=|<|>|===|==|!=)\\s*[0-9]+(\\.[0-9]+)?\\s*"
        + "(us|µs|ms|s|m|%|/s|B|kB|MB|KiB|MiB)?\\s*$"

    /// Reads an expression; nil when it is none.
    init?(_ text: String) {
        var rest = Substring(text)
        func skipSpaces() { rest = rest.drop { $0 == " " || $0 == "\t" } }
        func take(_ word: String) -> Bool {
            guard rest.hasPrefix(word) else { return false }
            rest = rest.dropFirst(word.count)
            return true
        }
        func number() -> Double? {
            let digits = rest.prefix { "0" <= $0 && $0 <= "9" || $0 == "." }
            rest = rest.dropFirst(digits.count)
            guard digits.first != ".", digits.last != "." else { return nil }
            return Double(digits)
        }
        skipSpaces()
        if take("p(") {
            skipSpaces()
            guard let percent = number() else { return nil }
            skipSpaces()
            guard take(")") else { return nil }
            self.aggregation = .percentile(percent)
        } else {
            let simple: [(String, ThresholdRule.Aggregation)] = [
                ("avg", .avg), ("min", .min), ("max", .max), ("med", .med), ("count", .count),
                ("rate", .rate), ("value", .value),
            ]
            guard let found = simple.first(where: { take($0.0) }) else { return nil }
            self.aggregation = found.1
        }
        skipSpaces()
        let comparisons: [(String, ThresholdRule.Comparison)] = [
            ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("===", .equal), ("==", .equal),
            ("!=", .notEqual), ("<", .less), (">", .greater),
        ]
        guard let comparison = comparisons.first(where: { take($0.0) }) else { return nil }
        self.comparison = comparison.1
        skipSpaces()
        guard let value = number(), value.isFinite else { return nil }
        self.number = value
        skipSpaces()
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        self.unit = String(rest)
        guard rest.isEmpty || ThresholdExpression.units.contains(self.unit) else { return nil }
    }
}

/// A metric that thresholds may name.
struct ThresholdMetric: Sendable {
    /// What its samples are, which decides the aggregations that fit.
    enum Kind: Equatable, Sendable {
        /// Events, or bytes when `isSize`.
        case counter(isSize: Bool)
        /// Times.
        case trend
        /// Yes or no.
        case rate
        /// A level.
        case gauge
    }
    /// The name; k6's where k6 has it.
    var name: String
    /// What its samples are.
    var kind: Kind

    /// All metrics.
    static let all: [ThresholdMetric] =
        [
            "http_req_duration", "http_req_response_time", "http_req_waiting", "http_req_sending",
            "http_req_receiving", "http_req_connecting", "http_req_tls_handshaking",
            "http_req_blocked", "http_req_queue_time",
        ].map { ThresholdMetric(name: $0, kind: .trend) }
        + ["http_reqs", "iterations", "dropped_iterations", "retries", "goodput"].map {
            ThresholdMetric(name: $0, kind: .counter(isSize: false))
        }
        + ["data_sent", "data_received"].map {
            ThresholdMetric(name: $0, kind: .counter(isSize: true))
        }
        + ["http_req_failed", "checks", "intents_accepted"].map {
            ThresholdMetric(name: $0, kind: .rate)
        }
        + ["vus", "in_flight"].map { ThresholdMetric(name: $0, kind: .gauge) }

    /// The aggregations that make sense, for messages.
    var aggregations: String {
        switch self.kind {
        case .counter: "count, rate"
        case .trend: "avg, min, max, med, p(N)"
        case .rate: "rate"
        case .gauge: "value, min, max"
        }
    }

    /// True when an aggregation makes sense.
    func allows(_ aggregation: ThresholdRule.Aggregation) -> Bool {
        switch (self.kind, aggregation) {
        case (.counter, .count), (.counter, .rate), (.rate, .rate), (.gauge, .value),
            (.gauge, .min), (.gauge, .max), (.trend, .avg), (.trend, .min), (.trend, .max),
            (.trend, .med), (.trend, .percentile):
            true
        default: false
        }
    }

    /// The limit in the metric's base unit; nil when the unit does not fit.
    func limit(_ expression: ThresholdExpression) -> Double? {
        let value = expression.number
        let factors: [String: Double]
        switch self.kind {
        case .trend: factors = ["": 1, "us": 1e-3, "µs": 1e-3, "ms": 1, "s": 1e3, "m": 60e3]
        case .rate: factors = ["": 1, "%": 0.01]
        case .gauge: factors = ["": 1]
        case .counter(let isSize):
            var allowed: [String: Double] = ["": 1]
            if expression.aggregation == .rate { allowed["/s"] = 1 }
            if isSize {
                allowed.merge(["B": 1, "kB": 1e3, "MB": 1e6, "KiB": 1024, "MiB": 1_048_576]) {
                    old, _ in old
                }
            }
            factors = allowed
        }
        guard let factor = factors[expression.unit] else { return nil }
        return factor == 0.01 ? value / 100 : value * factor
    }

    /// The units that fit, for messages.
    var units: String {
        switch self.kind {
        case .trend: "us, ms, s or m"
        case .rate: "% or none"
        case .gauge: "no unit"
        case .counter(let isSize):
            isSize ? "B, kB, MB, KiB, MiB or none" : "no unit, or /s for rate"
        }
    }
}
