import Primitives

/// Prometheus remote write 1.0: `WriteRequest` in Protobuf, in a snappy block.
///
/// Four messages (prometheus/prompb): WriteRequest { 1: TimeSeries }, TimeSeries { 1: Label,
/// 2: Sample }, Label { 1: name, 2: value }, Sample { 1: double value, 2: int64 milliseconds }.
/// Labels are sorted by name, samples by time, as the specification asks.
package enum RemoteWriteEncoding {
    /// One series with its samples.
    private struct Collected {
        var series: MetricSeries
        var statistic: Int?
        var samples: [UInt8] = []
    }

    /// The body for some frames, in order of time.
    package static func encode(_ frames: [MetricFrame]) -> [UInt8] {
        SnappyBlock.encode(self.message(frames))
    }

    /// The `WriteRequest` before it is put into a block.
    static func message(_ frames: [MetricFrame]) -> [UInt8] {
        var collected: [Collected] = []
        var places: [ObjectIdentifier: Int] = [:]
        for frame in frames {
            for point in frame.points {
                let id = ObjectIdentifier(point.series)
                let first = places[id] ?? collected.count
                if places[id] == nil {
                    places[id] = first
                    let isTrend = point.series.metric.facts.kind == .trend
                    let statistics = isTrend ? TelemetryMetric.statistics.count : 1
                    for statistic in 0..<statistics {
                        collected.append(
                            Collected(
                                series: point.series, statistic: isTrend ? statistic : nil))
                    }
                }
                switch point.value {
                case .count(let count):
                    Self.append(Double(count), frame, to: &collected[first].samples)
                case .gauge(let value):
                    Self.append(value, frame, to: &collected[first].samples)
                case .trend(let figures):
                    for statistic in TelemetryMetric.statistics.indices {
                        Self.append(
                            figures.value(statistic), frame,
                            to: &collected[first + statistic].samples)
                    }
                }
            }
        }
        var message: [UInt8] = []
        var series: [UInt8] = []
        for entry in collected {
            series.removeAll(keepingCapacity: true)
            let name = entry.series.metric.prometheusName(statistic: entry.statistic)
            // Before all others: an underscore sorts before small letters.
            Self.append(label: "__name__", name, to: &series)
            for label in entry.series.labels {
                Self.append(label: label.name, label.value, to: &series)
            }
            series += entry.samples
            ProtobufBytes.append(series, field: 1, to: &message)
        }
        return message
    }

    private static func append(
        label name: String, _ value: String, to series: inout [UInt8]
    ) {
        var label: [UInt8] = []
        ProtobufBytes.append(name, field: 1, to: &label)
        ProtobufBytes.append(value, field: 2, to: &label)
        ProtobufBytes.append(label, field: 1, to: &series)
    }

    private static func append(
        _ value: Double, _ frame: MetricFrame, to samples: inout [UInt8]
    ) {
        var sample: [UInt8] = []
        ProtobufBytes.append(value, field: 1, to: &sample)
        ProtobufBytes.append(frame.time.milliseconds, field: 2, to: &sample)
        ProtobufBytes.append(sample, field: 2, to: &samples)
    }
}
