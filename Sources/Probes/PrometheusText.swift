package import Primitives

/// Reads the figures of a Prometheus text page; lines that are none are skipped.
package enum PrometheusText {
    /// Figures by name; a metric with labels keeps them: `requests_total{route="/v1/tips"}`.
    package static func values(_ text: String) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let (head, value) = self.parts(line) else { continue }
            values[String(head)] = value
        }
        return values
    }

    /// The sum of all series that match each selector; nil where none does.
    ///
    /// Labels are read only in lines whose metric is asked for: pages may be long.
    package static func sums(_ text: String, _ selectors: [MetricSelector]) -> [Double?] {
        var sums = [Double?](repeating: nil, count: selectors.count)
        var places: [String: [Int]] = [:]
        for (place, selector) in selectors.enumerated() {
            places[selector.name, default: []].append(place)
        }
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let name = line.prefix { $0 != "{" && $0 != " " && $0 != "\t" }
            guard let asked = places[String(name)], let (head, value) = self.parts(line),
                let series = MetricSelector(head)
            else { continue }
            for place in asked where selectors[place].matches(series) {
                sums[place] = (sums[place] ?? 0) + value
            }
        }
        return sums
    }

    /// A line's metric and its value; what follows is a time stamp.
    private static func parts(_ line: Substring) -> (head: Substring, value: Double)? {
        // The name may hold spaces inside its labels, so the value is what follows the last.
        let end = line.lastIndex(of: "}").map { line.index(after: $0) } ?? line.startIndex
        guard let space = line[end...].firstIndex(of: " "),
            let first = line[space...].split(separator: " ").first, let value = Double(first),
            value.isFinite
        else { return nil }
        return (line[..<space], value)
    }
}
