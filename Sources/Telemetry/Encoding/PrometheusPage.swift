/// A page in Prometheus' text format 0.0.4: what `/metrics` answers.
package enum PrometheusPage {
    /// The media type of the page.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The page of a frame; the scraper's clock dates its samples.
    package static func encode(_ frame: MetricFrame) -> [UInt8] {
        var page: [UInt8] = []
        page.reserveCapacity(frame.points.count * 200)
        for metric in TelemetryMetric.allCases {
            let points = frame.points.filter { $0.series.metric == metric }
            guard !points.isEmpty else { continue }
            guard metric.facts.kind == .trend else {
                Self.append(metric, nil, points, to: &page)
                continue
            }
            for statistic in TelemetryMetric.statistics.indices {
                Self.append(metric, statistic, points, to: &page)
            }
        }
        return page
    }

    private static func append(
        _ metric: TelemetryMetric, _ statistic: Int?, _ points: [MetricPoint],
        to page: inout [UInt8]
    ) {
        let name = metric.prometheusName(statistic: statistic)
        let type = metric.facts.kind == .counter ? "counter" : "gauge"
        page.append(text: "# HELP \(name) \(metric.facts.help)\n# TYPE \(name) \(type)\n")
        for point in points {
            page.append(text: name)
            var opens = true
            for label in point.series.labels {
                page.append(opens ? UInt8(ascii: "{") : UInt8(ascii: ","))
                opens = false
                page.append(text: label.name)
                page.append(text: "=\"")
                Self.append(escaped: label.value, to: &page)
                page.append(UInt8(ascii: "\""))
            }
            page.append(text: opens ? " " : "} ")
            switch point.value {
            case .count(let count): page.append(digits: count)
            case .gauge(let value): Self.append(value, to: &page)
            case .trend(let figures): Self.append(figures.value(statistic ?? 0), to: &page)
            }
            page.append(UInt8(ascii: "\n"))
        }
    }

    private static func append(_ value: Double, to page: inout [UInt8]) {
        if value.isFinite {
            page.append(decimal: value)
        } else {
            page.append(text: value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf")
        }
    }

    private static func append(escaped text: String, to page: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                page.append(UInt8(ascii: "\\"))
                page.append(byte)
            case 10: page.append(text: "\\n")
            default: page.append(byte)
            }
        }
    }
}
