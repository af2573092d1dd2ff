package import Primitives

/// A rate that follows the hours of the day, by a cosine.
///
/// rate(t) = mean · (1 + a cos(2π (t - peakAt) / period)) with a = (1 - trough) / (1 + trough).
package struct DiurnalSpec: Sendable, Hashable {
    /// The mean rate over a period, in wall time.
    package var mean: Rate
    /// The lowest rate as a share of the highest, 0 to 1.
    package var trough: Double
    /// When it is highest, in story time from the run's start.
    package var peakAt: Nanoseconds
    /// From one peak to the next, in story time.
    package var period: Nanoseconds

    /// A day's course.
    package init(
        mean: Rate, trough: Double = 0.2, peakAt: Nanoseconds = .seconds(72_000),
        period: Nanoseconds = .seconds(86_400)
    ) {
        self.mean = mean
        self.trough = trough
        self.peakAt = peakAt
        self.period = period
    }
}

/// Recorded arrival times, and what is made of them.
package struct TraceSpec: Sendable, Hashable {
    /// Where the times stand.
    package struct Source: Sendable, Hashable {
        /// The file; relative to the scenario's directory.
        package var path: String
        /// The column of a CSV file or the key of NDJSON objects; nil for one time a line.
        package var column: String?

        /// A file of times.
        package init(path: String, column: String? = nil) {
            self.path = path
            self.column = column
        }
    }
    /// Where the times stand.
    package var source: Source
    /// How many times as fast as recorded, above 0.
    package var speed: Double
    /// How many arrivals each recorded one becomes, on average; above 0.
    package var amplify: Double
    /// What was recorded before is left out; in recorded time.
    package var from: Nanoseconds
    /// What was recorded then and later is left out; nil for nothing.
    package var to: Nanoseconds?
    /// How much later than recorded the added arrivals may come; in recorded time.
    package var jitter: Nanoseconds
    /// Where the file's name stands in the scenario.
    package var location: SourceLocation

    /// A trace.
    package init(
        source: Source, speed: Double = 1, amplify: Double = 1, from: Nanoseconds = .zero,
        to: Nanoseconds? = nil, jitter: Nanoseconds = .seconds(1),
        location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.source = source
        self.speed = speed
        self.amplify = amplify
        self.from = from
        self.to = to
        self.jitter = jitter
        self.location = location
    }

    /// How long it lasts in story time; nil where the file decides.
    package var length: Nanoseconds? { self.to.map { ($0 - self.from) / self.speed } }
}
