extension Report {
    /// The part of the schema that describes `metastable`.
    static let metastableSchema = #"""
        {
           "anyOf": [
            {"type": "null"},
            {
             "type": "object",
             "required": [
              "state", "t_fresh", "t_storm", "t_recovered", "relief", "loop", "amplification",
              "app_amplification", "person_amplification", "trigger_end", "load", "capacity",
              "capacity_basis", "hidden_capacity", "backlog"
             ],
             "properties": {
              "state": {
               "type": "string",
               "enum": [
                "RECOVERED", "RECOVERED_SLOWLY", "UNDECIDED", "METASTABLE", "SUSTAINED",
                "PERSISTENT", "not_applicable"
               ]
              },
              "t_fresh": {"$ref": "#/$defs/known"}, "t_storm": {"$ref": "#/$defs/known"},
              "t_recovered": {"$ref": "#/$defs/known"}, "relief": {"$ref": "#/$defs/words"},
              "loop": {"$ref": "#/$defs/words"}, "amplification": {"$ref": "#/$defs/known"},
              "app_amplification": {"$ref": "#/$defs/known"},
              "person_amplification": {"$ref": "#/$defs/known"},
              "trigger_end": {"$ref": "#/$defs/known"}, "load": {"$ref": "#/$defs/known"},
              "capacity": {"$ref": "#/$defs/known"},
              "capacity_basis": {"$ref": "#/$defs/words"},
              "hidden_capacity": {"$ref": "#/$defs/known"},
              "backlog": {"$ref": "#/$defs/known"}
             }
            }
           ]
          }
        """#

    /// The part of the schema that describes `next_runs`.
    static let nextRunsSchema = #"""
        {
           "anyOf": [
            {"type": "null"},
            {
             "type": "array",
             "items": {
              "type": "object",
              "required": ["id", "gain_bits", "what", "refuted_by", "command"],
              "properties": {
               "id": {"type": "string"}, "gain_bits": {"$ref": "#/$defs/known"},
               "what": {"type": "string"}, "refuted_by": {"$ref": "#/$defs/words"},
               "command": {"$ref": "#/$defs/words"}
              }
             }
            }
           ]
          }
        """#
}
