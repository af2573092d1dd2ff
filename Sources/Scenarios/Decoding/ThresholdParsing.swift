import Primitives

/// A threshold's expression in its parts: `p(95) < 500 ms`.
struct ThresholdExpression {
    /// How the metric's values become one number.
    var aggregation: MetricAggregation
    /// How the number is compared.
    var comparison: ThresholdRule.Relation
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
            self.aggregation = .p(percent)
        } else {
            guard let found = MetricAggregation.plain.first(where: { take($0.word) }) else {
                return nil
            }
            self.aggregation = found
        }
        skipSpaces()
        let comparisons: [(String, ThresholdRule.Relation)] = [
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
