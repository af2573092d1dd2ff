package import Primitives

/// One series: a metric and the labels that tell it from its like.
///
/// A reference, so that a frame of hundreds of points copies no text; made once per series.
package final class MetricSeries: Sendable {
    /// A label's name and value.
    package typealias Label = (name: String, value: String)
    /// The metric.
    package let metric: TelemetryMetric
    /// The labels in ascending order of name; none is empty.
    package let labels: [Label]

    /// A series; empty labels are left out.
    package init(_ metric: TelemetryMetric, _ labels: [Label]) {
        self.metric = metric
        self.labels = labels.filter { !$0.value.isEmpty }.sorted { $0.name < $1.name }
    }
}

/// The percentiles of a trend in seconds.
///
/// Infinite where the rank falls among attempts without a good answer: slower than any limit.
package struct TrendFigures: Sendable, Hashable {
    /// The median.
    package var p50: Double
    /// The 90th percentile.
    package var p90: Double
    /// The 95th percentile.
    package var p95: Double
    /// The 99th percentile.
    package var p99: Double
    /// The longest time seen.
    package var max: Double

    /// The figures in the order of `TelemetryMetric.statistics`.
    package func value(_ statistic: Int) -> Double {
        switch statistic {
        case 0: self.p50
        case 1: self.p90
        case 2: self.p95
        case 3: self.p99
        default: self.max
        }
    }
}

/// A series' value in a frame.
package struct MetricPoint: Sendable {
    /// What it is, which fits the metric's kind.
    package enum Value: Sendable, Hashable {
        /// A sum since the run's start.
        case count(Int64)
        /// A value at the frame's moment.
        case gauge(Double)
        /// Times of the frame's window.
        case trend(TrendFigures)
    }
    /// Whose value it is.
    package var series: MetricSeries
    /// The value.
    package var value: Value

    /// A point.
    package init(_ series: MetricSeries, _ value: Value) {
        self.series = series
        self.value = value
    }
}

/// All series' values at one moment: what goes to a collector for a second of the run.
package struct MetricFrame: Sendable {
    /// The end of the window.
    package var time: WallTime
    /// The start of the run, from which counters count.
    package var start: WallTime
    /// The points; series appear once each, in the same order in every frame.
    package var points: [MetricPoint]

    /// A frame.
    package init(time: WallTime, start: WallTime, points: [MetricPoint]) {
        self.time = time
        self.start = start
        self.points = points
    }
}
