package import Measurements

extension Report {
    /// What became of the seconds sent to one collector while the run was on.
    package struct Export: Codable, Sendable {
        /// `otlp`, `prometheus` or `influx`.
        package var kind = ""
        /// The collector, without secrets.
        package var url = ""
        /// Seconds of the run that it took.
        package var sent = 0
        /// Seconds that it did not.
        package var lost = 0
        /// Requests made.
        package var requests = 0
        /// Of which failed or were refused.
        package var failures = 0
        /// The last thing that went wrong; nil when nothing did.
        @Nullable package var trouble: String?

        /// What a tally says.
        package init(_ tally: ExportTally) {
            self.kind = tally.kind
            self.url = tally.url
            self.sent = tally.sent
            self.lost = tally.lost
            self.requests = tally.requests
            self.failures = tally.failures
            self._trouble = Nullable(wrappedValue: tally.trouble)
        }
    }
}

extension Report {
    /// The schema of `telemetry`.
    static let telemetrySchema = """
        {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["kind", "url", "sent", "lost", "requests", "failures", "trouble"],
            "properties": {
             "kind": {"type": "string", "enum": ["otlp", "prometheus", "influx"]},
             "url": {"type": "string"}, "sent": {"$ref": "#/$defs/count"},
             "lost": {"$ref": "#/$defs/count"}, "requests": {"$ref": "#/$defs/count"},
             "failures": {"$ref": "#/$defs/count"}, "trouble": {"$ref": "#/$defs/words"}
            }
           }
          }
        """
}
