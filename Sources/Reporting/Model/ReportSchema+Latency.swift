extension Report {
    /// The part of the schema about `heatmap`.
    static let heatmapSchema = #"""
        {
           "type": "object", "required": ["column_seconds", "edges_ms", "columns"],
           "properties": {
            "column_seconds": {"type": "number"},
            "edges_ms": {"type": "array", "items": {"type": "number"}},
            "columns": {
             "type": "array",
             "items": {
              "type": "object", "required": ["t", "first", "counts"],
              "properties": {
               "t": {"type": "number"}, "first": {"$ref": "#/$defs/count"},
               "counts": {"type": "array", "items": {"$ref": "#/$defs/count"}}
              }
             },
             "maxItems": 600
            }
           }
          }
        """#

    /// The part of the schema about a phase's `distribution`.
    static let distributionSchema = #"""
        {
              "type": "object", "required": ["total", "good", "points"],
              "properties": {
               "total": {"$ref": "#/$defs/count"}, "good": {"$ref": "#/$defs/count"},
               "points": {
                "type": "array",
                "items": {
                 "type": "object", "required": ["one_in", "ms"],
                 "properties": {"one_in": {"type": "number"}, "ms": {"type": "number"}}
                }
               }
              }
             }
        """#

    /// The part of the schema about `breakdown`.
    static let breakdownSchema = #"""
        {
           "type": "object", "required": ["row_seconds", "rows"],
           "properties": {
            "row_seconds": {"type": "number"},
            "rows": {
             "type": "array",
             "items": {
              "type": "object",
              "required": [
               "t", "story", "attempts", "answered", "parts_ms", "in_flight",
               "expected_in_flight"
              ],
              "properties": {
               "t": {"type": "number"}, "story": {"type": "number"},
               "attempts": {"$ref": "#/$defs/count"},
               "answered": {"$ref": "#/$defs/count"},
               "parts_ms": {"type": "object", "additionalProperties": {"type": "number"}},
               "in_flight": {"$ref": "#/$defs/known"},
               "expected_in_flight": {"$ref": "#/$defs/known"}
              }
             },
             "maxItems": 120
            }
           }
          }
        """#
}
