/// Reads the figures of a Prometheus text page; lines that are none are skipped.
package enum PrometheusText {
    /// Figures by name; a metric with labels keeps them: `requests_total{route="/v1/tips"}`.
    package static func values(_ text: String) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            // The name may hold spaces inside its labels, so the value is what follows the last.
            let end = line.lastIndex(of: "}").map { line.index(after: $0) } ?? line.startIndex
            guard let space = line[end...].firstIndex(of: " ") else { continue }
            let fields = line[space...].split(separator: " ")
            guard let first = fields.first, let value = Double(first), value.isFinite else {
                continue
            }
            values[String(line[..<space])] = value
        }
        return values
    }
}
