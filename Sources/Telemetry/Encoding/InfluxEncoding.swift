import Primitives

/// InfluxDB's line protocol, versions 1 and 2: `measurement,tag=value field=value milliseconds`.
///
/// Counts are integers (`12i`); a trend is one line with a field per percentile. Infinite values
/// are left out, for the protocol has none.
package enum InfluxEncoding {
    /// The lines of some frames.
    package static func encode(_ frames: [MetricFrame]) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(frames.reduce(0) { $0 + $1.points.count * 160 })
        for frame in frames {
            for point in frame.points {
                let mark = body.count
                Self.append(point.series, to: &body)
                guard Self.append(point.value, to: &body) else {
                    body.removeSubrange(mark...)
                    continue
                }
                body.append(UInt8(ascii: " "))
                body.append(digits: frame.time.milliseconds)
                body.append(UInt8(ascii: "\n"))
            }
        }
        return body
    }

    private static func append(_ series: MetricSeries, to body: inout [UInt8]) {
        let facts = series.metric.facts
        body.append(text: "\(facts.family)_\(facts.base)")
        for label in series.labels {
            body.append(UInt8(ascii: ","))
            Self.append(escaped: label.name, to: &body)
            body.append(UInt8(ascii: "="))
            Self.append(escaped: label.value, to: &body)
        }
        body.append(UInt8(ascii: " "))
    }

    /// False when there is nothing that could be written.
    private static func append(_ value: MetricPoint.Value, to body: inout [UInt8]) -> Bool {
        switch value {
        case .count(let count):
            body.append(text: "value=")
            body.append(digits: count)
            body.append(UInt8(ascii: "i"))
            return true
        case .gauge(let gauge):
            guard gauge.isFinite else { return false }
            body.append(text: "value=")
            body.append(decimal: gauge)
            return true
        case .trend(let figures):
            var isFirst = true
            for (place, name) in TelemetryMetric.statistics.enumerated() {
                let figure = figures.value(place)
                guard figure.isFinite else { continue }
                if !isFirst { body.append(UInt8(ascii: ",")) }
                body.append(text: name)
                body.append(UInt8(ascii: "="))
                body.append(decimal: figure)
                isFirst = false
            }
            return !isFirst
        }
    }

    /// A tag's key or value: commas, equal signs and blanks behind a backslash.
    ///
    /// A line break would end the line, and a backslash at the end would swallow the comma behind
    /// it: a blank and a slash stand for them.
    private static func append(escaped text: String, to body: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: " "):
                body.append(UInt8(ascii: "\\"))
                body.append(byte)
            case 10, 13: body.append(text: "\\ ")
            case UInt8(ascii: "\\"): body.append(UInt8(ascii: "/"))
            default: body.append(byte)
            }
        }
    }
}
