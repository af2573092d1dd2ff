import Primitives

/// OTLP/HTTP metrics in JSON (opentelemetry-proto, `ExportMetricsServiceRequest`).
///
/// The JSON mapping is Protobuf's with lowerCamelCase keys and enumerations as numbers; integers of
/// 64 bits are texts. Sums are cumulative (`aggregationTemporality` 2) and monotonic, so that a
/// body sent twice changes nothing; percentiles are gauges of their own. Infinite percentiles are
/// left out: not every receiver reads `"Infinity"`.
package enum OTLPEncoding {
    /// The body for some frames, all of one run, in order of time.
    package static func encode(_ frames: [MetricFrame], version: String) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(frames.reduce(512) { $0 + $1.points.count * 400 })
        body.append(text: #"{"resourceMetrics":[{"resource":{"attributes":["#)
        Self.append(key: "service.name", value: "spate", to: &body)
        body.append(UInt8(ascii: ","))
        Self.append(key: "service.version", value: version, to: &body)
        body.append(text: #"]},"scopeMetrics":[{"scope":{"name":"spate","version":""#)
        Self.append(escaped: version, to: &body)
        body.append(text: #""},"metrics":["#)
        var isFirst = true
        for metric in TelemetryMetric.allCases {
            let chosen = frames.map { frame in frame.points.filter { $0.series.metric == metric } }
            guard chosen.contains(where: { !$0.isEmpty }) else { continue }
            let statistics: [Int?] =
                metric.facts.kind == .trend
                ? TelemetryMetric.statistics.indices.map { $0 } : [nil]
            for statistic in statistics {
                Self.append(
                    metric, statistic, zip(frames, chosen), isFirst: &isFirst, to: &body)
            }
        }
        body.append(text: "]}]}]}")
        return body
    }

    private static func append(
        _ metric: TelemetryMetric, _ statistic: Int?,
        _ frames: Zip2Sequence<[MetricFrame], [[MetricPoint]]>, isFirst: inout Bool,
        to body: inout [UInt8]
    ) {
        let facts = metric.facts
        let mark = body.count
        var count = 0
        body.append(text: isFirst ? #"{"name":""# : #",{"name":""#)
        body.append(text: "\(facts.family).\(facts.base)")
        if let statistic { body.append(text: ".\(TelemetryMetric.statistics[statistic])") }
        body.append(text: #"","description":""#)
        Self.append(escaped: facts.help, to: &body)
        body.append(text: #"","unit":""#)
        body.append(text: facts.unit.rawValue)
        body.append(text: facts.kind == .counter ? #"","sum":{"# : #"","gauge":{"#)
        body.append(text: #""dataPoints":["#)
        for (frame, points) in frames {
            let time = Self.nanoseconds(frame.time)
            for point in points {
                let before = body.count
                if count > 0 { body.append(UInt8(ascii: ",")) }
                guard Self.append(point, statistic, frame, time: time, to: &body) else {
                    body.removeSubrange(before...)
                    continue
                }
                count += 1
            }
        }
        guard count > 0 else {
            body.removeSubrange(mark...)
            return
        }
        isFirst = false
        body.append(text: "]")
        if facts.kind == .counter {
            body.append(text: #","aggregationTemporality":2,"isMonotonic":true"#)
        }
        body.append(text: "}}")
    }

    /// False for a value that has no place in JSON; what was appended is then to be taken back.
    private static func append(
        _ point: MetricPoint, _ statistic: Int?, _ frame: MetricFrame, time: String,
        to body: inout [UInt8]
    ) -> Bool {
        body.append(text: #"{"attributes":["#)
        for (place, label) in point.series.labels.enumerated() {
            if place > 0 { body.append(UInt8(ascii: ",")) }
            Self.append(key: label.name, value: label.value, to: &body)
        }
        body.append(text: "],")
        let value: Double
        switch point.value {
        case .count(let count):
            body.append(text: #""startTimeUnixNano":""#)
            body.append(text: Self.nanoseconds(frame.start))
            body.append(text: #"","timeUnixNano":""#)
            body.append(text: time)
            body.append(text: #"","asInt":""#)
            body.append(digits: count)
            body.append(text: #""}"#)
            return true
        case .gauge(let gauge): value = gauge
        case .trend(let figures): value = figures.value(statistic ?? 0)
        }
        guard value.isFinite else { return false }
        body.append(text: #""timeUnixNano":""#)
        body.append(text: time)
        body.append(text: #"","asDouble":"#)
        body.append(decimal: value)
        body.append(UInt8(ascii: "}"))
        return true
    }

    private static func nanoseconds(_ time: WallTime) -> String {
        "\(time.milliseconds)000000"
    }

    private static func append(key: String, value: String, to body: inout [UInt8]) {
        body.append(text: #"{"key":""#)
        Self.append(escaped: key, to: &body)
        body.append(text: #"","value":{"stringValue":""#)
        Self.append(escaped: value, to: &body)
        body.append(text: #""}}"#)
    }

    /// A text as it stands between JSON's quotes (RFC 8259, 7).
    private static func append(escaped text: String, to body: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                body.append(UInt8(ascii: "\\"))
                body.append(byte)
            case 0..<32:
                body.append(text: "\\u00" + (byte < 16 ? "0" : "1"))
                let low = byte & 15
                body.append(low < 10 ? 48 + low : 87 + low)
            default: body.append(byte)
            }
        }
    }
}
