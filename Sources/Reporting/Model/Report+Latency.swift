extension Report {
    /// How many attempts ended how slowly, over the run: the counts behind the heatmap.
    package struct Heatmap: Codable, Sendable {
        /// One span of time.
        package struct Column: Codable, Sendable {
            /// Its first second.
            package var t: Double
            /// The band of the first count; bands are numbered from 0.
            package var first: Int
            /// Attempts by band, from `first` on; empty when none ended.
            package var counts: [Int]
            /// A column.
            package init(t: Double, first: Int, counts: [Int]) {
                self.t = t
                self.first = first
                self.counts = counts
            }
        }
        /// Seconds of a column.
        package var columnSeconds: Double
        /// Where the bands meet, in milliseconds, ascending: one more than there are bands.
        package var edgesMs: [Double]
        /// In order of time, at most 600.
        package var columns: [Column]
        /// A heatmap.
        package init(columnSeconds: Double, edgesMs: [Double], columns: [Column]) {
            self.columnSeconds = columnSeconds
            self.edgesMs = edgesMs
            self.columns = columns
        }

        enum CodingKeys: String, CodingKey {
            case columns
            case columnSeconds = "column_seconds"
            case edgesMs = "edges_ms"
        }
    }

    /// Response times of a phase far into the tail; attempts without a good answer are slowest.
    package struct Distribution: Codable, Sendable {
        /// One point.
        package struct Point: Codable, Sendable {
            /// 1/(1 - quantile): 2 is the median, 100 the 99th percentile.
            package var oneIn: Double
            /// The response time there in milliseconds.
            package var ms: Double
            /// A point.
            package init(oneIn: Double, ms: Double) {
                self.oneIn = oneIn
                self.ms = ms
            }

            enum CodingKeys: String, CodingKey {
                case ms
                case oneIn = "one_in"
            }
        }
        /// Attempts that ended.
        package var total: Int
        /// Of which had a good answer.
        package var good: Int
        /// Ascending; they end where the rank falls among attempts without a good answer.
        package var points: [Point]
        /// A distribution.
        package init(total: Int, good: Int, points: [Point]) {
            self.total = total
            self.good = good
            self.points = points
        }
    }

    /// Where requests spent their time, and whether the numbers in flight fit the times.
    package struct Breakdown: Codable, Sendable {
        /// One window.
        package struct Row: Codable, Sendable {
            /// Its first second.
            package var t: Double
            /// The same in story seconds.
            package var story: Double
            /// Attempts that ended.
            package var attempts: Int
            /// Of which a whole response arrived.
            package var answered: Int
            /// Milliseconds an answered attempt spent on average in `lookup`, `connect`, `tls`,
            /// `send`, `wait` and `receive`.
            ///
            /// A part that ran in no attempt is missing; all are where nothing was answered.
            package var partsMs: [String: Double]
            /// Intents in flight on average.
            @Nullable package var inFlight: Double?
            /// Little's law: accepted per second, times the time each took; nil where fewer than
            /// 99 % were accepted.
            @Nullable package var expectedInFlight: Double?
            /// A window in which nothing ended.
            package init(
                t: Double, story: Double, attempts: Int, answered: Int, partsMs: [String: Double]
            ) {
                self.t = t
                self.story = story
                self.attempts = attempts
                self.answered = answered
                self.partsMs = partsMs
            }

            enum CodingKeys: String, CodingKey {
                case t, story, attempts, answered
                case partsMs = "parts_ms"
                case inFlight = "in_flight"
                case expectedInFlight = "expected_in_flight"
            }
        }
        /// Seconds of a window.
        package var rowSeconds: Double
        /// In order of time, at most 120.
        package var rows: [Row]
        /// A breakdown.
        package init(rowSeconds: Double, rows: [Row]) {
            self.rowSeconds = rowSeconds
            self.rows = rows
        }

        enum CodingKeys: String, CodingKey {
            case rows
            case rowSeconds = "row_seconds"
        }
    }
}
