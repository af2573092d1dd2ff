extension Report {
    /// How long people were shut out: stretches of rows in which of those who arrived fewer than
    /// half were accepted in the end.
    ///
    /// Rows in which nobody arrived neither begin nor end a stretch.
    package struct Outage: Codable, Sendable {
        /// Whose success counts: `genuine`, or `all` in a run without genuine traffic.
        package var of: String
        /// Seconds of the longest stretch; 0 where there was none.
        package var longest: Double
        /// When that began, in seconds from the run's start; nil where there was none.
        @Nullable package var from: Double?
        /// Seconds of all stretches together.
        package var total: Double
        /// Seconds from the onset until goodput was back at its baseline; nil where it never was.
        @Nullable package var untilRecovered: Double?

        enum CodingKeys: String, CodingKey {
            case of, longest, from, total
            case untilRecovered = "until_recovered"
        }

        /// The outage that rows of equal width show; nil where nobody arrived in any of them.
        init?(_ rows: [SeriesRow], rowSeconds: Double, onset: Double?, recovered: Double?) {
            let isGenuine = rows.contains { ($0.classes["genuine"]?.arrived ?? 0) > 0 }
            func counts(_ row: SeriesRow) -> (arrived: Int, accepted: Int) {
                let classes = isGenuine ? row.classes.filter { $0.key == "genuine" } : row.classes
                return classes.values.reduce((0, 0)) {
                    ($0.0 + $1.arrived, $0.1 + $1.arrivedAccepted)
                }
            }
            var stretches: [(from: Double, until: Double)] = []
            var isDown = false
            var isKnown = false
            for row in rows {
                let (arrived, accepted) = counts(row)
                guard arrived > 0 else { continue }
                isKnown = true
                let now = accepted * 2 < arrived
                if now, isDown {
                    stretches[stretches.count - 1].until = row.t + rowSeconds
                } else if now {
                    stretches.append((row.t, row.t + rowSeconds))
                }
                isDown = now
            }
            guard isKnown else { return nil }
            let longest = stretches.max { $0.until - $0.from < $1.until - $1.from }
            self.of = isGenuine ? "genuine" : "all"
            self.longest = (longest.map { $0.until - $0.from } ?? 0).toThousandths
            self._from = Nullable(wrappedValue: longest?.from)
            self.total = stretches.reduce(0) { $0 + $1.until - $1.from }.toThousandths
            let span = onset.flatMap { onset in recovered.map { $0 - onset } }
            self._untilRecovered = Nullable(wrappedValue: span.flatMap { $0 < 0 ? nil : $0.finite })
        }
    }

    /// One sentence of the verdict with the evidence it rests on.
    package struct Claim: Codable, Sendable {
        /// The sentence.
        package var text: String
        /// Evidence ids, never empty.
        package var evidence: [String]

        /// A sentence and its grounds.
        package init(text: String, evidence: [String]) {
            self.text = text
            self.evidence = evidence
        }
    }

    /// The JSON Schema of `outage`.
    static let outageSchema = #"""
        {
           "anyOf": [
            {"type": "null"},
            {
             "type": "object", "required": ["of", "longest", "from", "total", "until_recovered"],
             "properties": {
              "of": {"type": "string", "enum": ["genuine", "all"]},
              "longest": {"type": "number", "minimum": 0}, "from": {"$ref": "#/$defs/known"},
              "total": {"type": "number", "minimum": 0},
              "until_recovered": {"$ref": "#/$defs/known"}
             }
            }
           ]
          }
        """#

    /// The JSON Schema of the verdict's claims.
    static let claimsSchema = #"""
        {
             "type": "array",
             "items": {
              "type": "object", "required": ["text", "evidence"],
              "properties": {
               "text": {"type": "string"},
               "evidence": {"type": "array", "items": {"type": "string"}, "minItems": 1}
              }
             }
            }
        """#
}
