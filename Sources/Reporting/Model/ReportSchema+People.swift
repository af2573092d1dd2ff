extension Report {
    /// The part of the schema that describes `people`.
    static let peopleSchema = #"""
        {
           "anyOf": [
            {"type": "null"},
            {
             "type": "object",
             "required": [
              "classes", "phases", "selectivity", "selectivity_ci", "crowding_out", "reviews"
             ],
             "properties": {
              "classes": {
               "type": "object", "additionalProperties": \#(Report.classSchema(points: 60))
              },
              "phases": {
               "type": "array",
               "items": {
                "type": "object",
                "required": ["name", "t", "classes", "selectivity", "selectivity_ci"],
                "properties": {
                 "name": {"type": "string"}, "t": {"$ref": "#/$defs/interval"},
                 "classes": {
                  "type": "object", "additionalProperties": \#(Report.classSchema(points: 20))
                 },
                 "selectivity": {"$ref": "#/$defs/known"},
                 "selectivity_ci": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/interval"}]}
                }
               }
              },
              "selectivity": {"$ref": "#/$defs/known"},
              "selectivity_ci": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/interval"}]},
              "crowding_out": {
               "type": "object", "required": ["row_seconds", "rows"],
               "properties": {
                "row_seconds": {"$ref": "#/$defs/count"},
                "rows": {
                 "type": "array", "maxItems": 60,
                 "items": {
                  "type": "object",
                  "required": [
                   "t", "story", "genuine_arrived", "genuine_in", "genuine_share",
                   "accepted_genuine", "accepted_noise", "noise_share", "reviews", "stars",
                   "stars_average"
                  ],
                  "properties": {
                   "t": {"type": "number"}, "story": {"type": "number"},
                   "genuine_arrived": {"$ref": "#/$defs/count"},
                   "genuine_in": {"$ref": "#/$defs/count"},
                   "genuine_share": {"$ref": "#/$defs/known"},
                   "accepted_genuine": {"$ref": "#/$defs/count"},
                   "accepted_noise": {"$ref": "#/$defs/count"},
                   "noise_share": {"$ref": "#/$defs/known"},
                   "reviews": {"$ref": "#/$defs/known"}, "stars": {"$ref": "#/$defs/known"},
                   "stars_average": {"$ref": "#/$defs/known"}
                  }
                 }
                }
               }
              },
              "reviews": {
               "anyOf": [
                {"type": "null"},
                {
                 "type": "object", "required": ["count", "average"],
                 "properties": {
                  "count": {"$ref": "#/$defs/count"}, "average": {"$ref": "#/$defs/known"}
                 }
                }
               ]
              }
             }
            }
           ]
          }
        """#

    /// One class of people, with a curve of at most so many points.
    private static func classSchema(points: Int) -> String {
        #"""
        {
               "type": "object",
               "required": [
                "people", "in_first_try", "in_later", "accepted", "rejected", "gave_up", "failed",
                "dropped", "unfinished", "tries", "attempts", "retries", "presses",
                "app_amplification", "person_amplification", "attempts_per_person",
                "time_to_success", "curve"
               ],
               "properties": {
                "people": {"$ref": "#/$defs/count"}, "in_first_try": {"$ref": "#/$defs/known"},
                "in_later": {"$ref": "#/$defs/known"}, "accepted": {"$ref": "#/$defs/count"},
                "rejected": {"$ref": "#/$defs/count"}, "gave_up": {"$ref": "#/$defs/count"},
                "failed": {"$ref": "#/$defs/count"}, "dropped": {"$ref": "#/$defs/count"},
                "unfinished": {"$ref": "#/$defs/count"},
                "tries": {
                 "anyOf": [
                  {"type": "null"},
                  {"type": "array", "maxItems": 10, "items": {"$ref": "#/$defs/count"}}
                 ]
                },
                "attempts": {"$ref": "#/$defs/known"}, "retries": {"$ref": "#/$defs/known"},
                "presses": {"$ref": "#/$defs/known"},
                "app_amplification": {"$ref": "#/$defs/known"},
                "person_amplification": {"$ref": "#/$defs/known"},
                "attempts_per_person": {"$ref": "#/$defs/known"},
                "time_to_success": {
                 "type": "object", "required": ["p50", "p90", "p99"],
                 "properties": {
                  "p50": {"$ref": "#/$defs/known"}, "p90": {"$ref": "#/$defs/known"},
                  "p99": {"$ref": "#/$defs/known"}
                 }
                },
                "curve": {
                 "type": "array", "maxItems": \#(points),
                 "items": {
                  "type": "object",
                  "required": ["t", "waiting", "share", "ci", "if_patient", "if_patient_ci"],
                  "properties": {
                   "t": {"type": "number"}, "waiting": {"$ref": "#/$defs/count"},
                   "share": {"type": "number"},
                   "ci": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/interval"}]},
                   "if_patient": {"type": "number"},
                   "if_patient_ci": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/interval"}]}
                  }
                 }
                }
               }
              }
        """#
    }
}
