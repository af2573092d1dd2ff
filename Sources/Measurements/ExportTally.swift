/// What became of the seconds that a run sent to one collector while it was on.
package struct ExportTally: Sendable, Codable, Hashable {
    /// The form: `otlp`, `prometheus` or `influx`.
    package var kind: String
    /// The collector's URL without secrets.
    package var url: String
    /// Seconds of the run that the collector took.
    package var sent = 0
    /// Seconds it did not: refused, crowded out while it did not answer, or left at the end.
    package var lost = 0
    /// Requests made.
    package var requests = 0
    /// Of which failed or were refused.
    package var failures = 0
    /// The last thing that went wrong, in the collector's words or libcurl's; nil when nothing did.
    package var trouble: String?

    /// A tally of nothing.
    package init(kind: String, url: String) {
        self.kind = kind
        self.url = url
    }
}
