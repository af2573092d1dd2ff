/// Names figures of a Prometheus page: `requests_total{code="503"}`.
///
/// Labels that the selector leaves out may be anything: all series that match are added up.
package struct MetricSelector: Sendable, Hashable {
    /// The metric's name.
    package let name: String
    /// The labels a series must have, with their values.
    package let labels: [String: String]

    /// Reads a selector, or the head of a page's line; nil for a text that is none.
    ///
    /// The text format of Prometheus, version 0.0.4: a name of letters, digits, `_` and `:`, then
    /// perhaps labels in braces; `\\`, `\"` and `\n` stand for themselves in values.
    package init?(_ text: some StringProtocol) {
        var rest = text.unicodeScalars[...]
        let name = rest.prefix(while: Self.belongsToName)
        guard let first = name.first, !("0"..."9").contains(first) else { return nil }
        rest = rest.dropFirst(name.count)
        self.name = String(String.UnicodeScalarView(name))
        guard !rest.isEmpty else {
            self.labels = [:]
            return
        }
        guard rest.popFirst() == "{", let labels = Self.labels(&rest), rest.isEmpty else {
            return nil
        }
        self.labels = labels
    }

    /// True when a series of the same name has all labels of this selector.
    package func matches(_ series: MetricSelector) -> Bool {
        self.name == series.name && self.labels.allSatisfy { series.labels[$0.key] == $0.value }
    }

    private static func labels<Scalars>(_ rest: inout Scalars) -> [String: String]?
    where Scalars: Collection, Scalars.Element == Unicode.Scalar, Scalars.SubSequence == Scalars {
        var labels: [String: String] = [:]
        skipSpaces(&rest)
        while rest.first != "}" {
            let name = rest.prefix(while: belongsToName)
            rest = rest.dropFirst(name.count)
            skipSpaces(&rest)
            guard !name.isEmpty, rest.popFirst() == "=" else { return nil }
            skipSpaces(&rest)
            guard let value = quoted(&rest) else { return nil }
            labels[text(name)] = value
            skipSpaces(&rest)
            // A comma may follow the last one, too.
            if rest.first == "," {
                rest = rest.dropFirst()
                skipSpaces(&rest)
            } else if rest.first != "}" {
                return nil
            }
        }
        rest = rest.dropFirst()
        return labels
    }

    private static func quoted<Scalars>(_ rest: inout Scalars) -> String?
    where Scalars: Collection, Scalars.Element == Unicode.Scalar, Scalars.SubSequence == Scalars {
        guard rest.popFirst() == "\"" else { return nil }
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return String(value) }
            guard scalar == "\\" else {
                value.append(scalar)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            value.append(escaped == "n" ? "\n" : escaped)
        }
        return nil
    }

    private static func skipSpaces<Scalars>(_ rest: inout Scalars)
    where Scalars: Collection, Scalars.Element == Unicode.Scalar, Scalars.SubSequence == Scalars {
        rest = rest.drop { $0 == " " || $0 == "\t" }
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func belongsToName(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            || ("0"..."9").contains(scalar) || scalar == "_" || scalar == ":"
    }
}
