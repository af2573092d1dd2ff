import Primitives

/// Where requests spent their time, and whether the numbers in flight fit the times: over windows.
///
/// The journal gathers the parts of requests over ten seconds, so that no window is shorter.
package struct TimeBreakdown: Sendable, Hashable {
    /// One window.
    package struct Row: Sendable, Hashable {
        /// The first second.
        package var t: Int
        /// Attempts that ended, those that the end of the run cut included.
        package var attempts = 0
        /// Of which a whole response arrived, so that all their parts are known.
        package var answered = 0
        /// Milliseconds an answered attempt spent in each part on average.
        ///
        /// Waiting and receiving over the answered attempts; what comes before over all attempts
        /// that ended, since those that failed looked up, connected and sent, too. A part that
        /// did not run counts as none; one that ran in no attempt is missing, and all are where
        /// nothing was answered.
        package var parts: [RequestTiming: Double] = [:]
        /// Intents in flight on average, read at the end of each second.
        package var inFlight: Double?
        /// What Little's law gives: intents accepted per second, times the time each took.
        ///
        /// Nil where fewer than 99 % of the ended intents were accepted, since only their times are
        /// known. J. D. C. Little, "A Proof for the Queuing Formula: L = lambda W", 1961.
        package var expectedInFlight: Double?
    }
    /// The most windows.
    private static let longest = 120
    /// Seconds of a window: a multiple of ten.
    package var rowSeconds = 10
    /// In order of time, without gaps.
    package var rows: [Row] = []

    /// Sums up a record; one pass over its seconds.
    package init(_ record: RunRecord) {
        guard let end = record.seconds.last?.end, end > 0 else { return }
        let width = max(10, (end + Self.longest * 10 - 1) / (Self.longest * 10) * 10)
        var windows = [Window](repeating: Window(), count: (end + width - 1) / width)
        for row in record.seconds {
            let place = min(max(0, (row.end - 1) / width), windows.count - 1)
            windows[place].add(row)
        }
        self.rowSeconds = width
        self.rows = windows.enumerated().map { $1.row(t: $0 * width) }
    }

    /// A window while seconds are added to it.
    private struct Window {
        private var seconds = 0
        private var rows = 0
        private var attempts = 0
        private var spans: [RequestTiming: (spent: Double, count: Int)] = [:]
        private var levels = 0
        private var ended = 0
        private var accepted = 0
        private var busy = 0.0

        mutating func add(_ row: SecondRow) {
            self.seconds += row.width
            self.rows += 1
            for counts in row.populations {
                self.levels += counts.inFlight
                self.attempts += counts.attempts.values.reduce(0, +)
                self.ended += counts.intents.values.reduce(0, +)
                self.accepted += counts.ended(.accepted)
                self.busy +=
                    (counts.intentTimes.mean ?? 0) / 1e6 * Double(counts.intentTimes.total)
                for part in RequestTiming.allCases {
                    guard let spans = counts.timings[part], let mean = spans.mean else { continue }
                    self.spans[part, default: (0, 0)].spent += mean / 1_000 * Double(spans.total)
                    self.spans[part, default: (0, 0)].count += spans.total
                }
            }
        }

        func row(t: Int) -> Row {
            var row = Row(t: t)
            row.attempts = self.attempts
            row.answered = self.spans[.receive]?.count ?? 0
            if row.answered > 0 {
                for (part, span) in self.spans {
                    let among =
                        part == .wait || part == .receive ? row.answered : self.attempts
                    row.parts[part] = span.spent / Double(max(among, span.count))
                }
            }
            guard self.rows > 0, self.seconds > 0 else { return row }
            row.inFlight = Double(self.levels) / Double(self.rows)
            if self.accepted > 0, Double(self.accepted) >= 0.99 * Double(self.ended) {
                row.expectedInFlight = self.busy / Double(self.seconds)
            }
            return row
        }
    }
}
