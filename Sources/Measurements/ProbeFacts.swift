/// A source of the server's own figures: `manifest.json`.
package struct ProbeFacts: Sendable, Codable, Hashable {
    /// What tallies and events call it.
    package var name: String
    /// What is read, in words.
    package var source: String
    /// What its figures begin with; empty for the server under test.
    package var prefix: String

    /// A source.
    package init(name: String, source: String, prefix: String) {
        self.name = name
        self.source = source
        self.prefix = prefix
    }
}

/// How well a source could be read: the closing line of `events.ndjson`.
package struct ProbeTally: Sendable, Codable, Hashable {
    /// The source.
    package var name: String
    /// Seconds that have a sample of it.
    package var readings: Int
    /// Seconds in which it could not be read, or answered too late.
    package var missed: Int
    /// How long after its second began a reading was there, in seconds on average.
    ///
    /// What it tells is true at some instant in between.
    package var delayMean: Double?
    /// The same at worst.
    package var delayWorst: Double?
    /// Its civil clock less ours, in seconds; 0 on this machine; nil when it does not tell.
    package var clockOffset: Double?
    /// How wrong that may be, either way, in seconds.
    package var clockError: Double?

    /// How well a source could be read.
    package init(
        name: String, readings: Int, missed: Int, delayMean: Double? = nil,
        delayWorst: Double? = nil, clockOffset: Double? = nil, clockError: Double? = nil
    ) {
        self.name = name
        self.readings = readings
        self.missed = missed
        self.delayMean = delayMean
        self.delayWorst = delayWorst
        self.clockOffset = clockOffset
        self.clockError = clockError
    }
}
