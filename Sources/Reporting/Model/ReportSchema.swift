extension Report {
    /// The JSON Schema (draft 07) of `report.json`: what `spate schema --report` prints.
    ///
    /// Keys may be added in later versions; none is taken away or changes its meaning.
    package static let jsonSchema = #"""
        {
         "$schema": "http://json-schema.org/draft-07/schema#",
         "title": "Spate's report of a run",
         "description": "Times in seconds from the run's start, latencies in ms, sizes in bytes.",
         "type": "object",
         "required": [
          "schema", "run", "validity", "verdict", "onset", "knee", "metastable", "totals",
          "classes", "phases", "timeline", "loss", "outcomes", "hypotheses", "evidence",
          "next_runs", "remedies", "thresholds", "review", "series"
         ],
         "properties": {
          "schema": {"const": "spate/report/1"},
          "run": {
           "type": "object",
           "required": [
            "id", "scenario", "seed", "started", "duration", "time_scale", "version",
            "libcurl", "host", "scenario_sha256", "command", "stopped"
           ],
           "properties": {
            "id": {"type": "string"}, "scenario": {"type": "string"},
            "seed": {"$ref": "#/definitions/count"}, "started": {"type": "string"},
            "duration": {"type": "number"}, "time_scale": {"type": "number"},
            "version": {"type": "string"}, "libcurl": {"type": "string"},
            "host": {
             "type": "object",
             "required": ["kernel", "cores", "descriptors", "local_ports", "memory", "name"],
             "properties": {
              "kernel": {"type": "string"}, "cores": {"$ref": "#/definitions/count"},
              "descriptors": {"$ref": "#/definitions/count"},
              "local_ports": {"$ref": "#/definitions/count"},
              "memory": {"$ref": "#/definitions/count"}, "name": {"type": "string"}
             }
            },
            "scenario_sha256": {"type": "string"}, "command": {"type": "string"},
            "stopped": {"type": ["string", "null"]}
           }
          },
          "validity": {
           "type": "object", "required": ["state", "gates"],
           "properties": {
            "state": {"type": "string", "enum": ["valid", "suspect", "invalid"]},
            "gates": {
             "type": "array",
             "items": {
              "type": "object", "required": ["id", "state", "detail"],
              "properties": {
               "id": {"type": "string"},
               "state": {"type": "string", "enum": ["ok", "failed", "not_applicable"]},
               "detail": {"type": "string"}
              }
             }
            }
           }
          },
          "verdict": {
           "type": "object",
           "required": [
            "grade", "family", "mechanism", "overlay", "posterior", "bf_next", "sentence"
           ],
           "properties": {
            "grade": {
             "type": "string",
             "enum": [
              "CAUSE", "FAMILY", "LEADING", "NOT_ENOUGH_EVIDENCE", "HEALTHY", "INVALID"
             ]
            },
            "family": {"type": ["string", "null"]}, "mechanism": {"type": ["string", "null"]},
            "overlay": {"$ref": "#/definitions/names"},
            "posterior": {"$ref": "#/definitions/known"},
            "bf_next": {"$ref": "#/definitions/known"}, "sentence": {"type": "string"}
           }
          },
          "onset": {
           "anyOf": [
            {"type": "null"},
            {
             "type": "object", "required": ["t", "ci", "load", "first_signals", "tied"],
             "properties": {
              "t": {"type": "number"}, "ci": {"type": "array", "items": {"type": "number"}},
              "load": {"$ref": "#/definitions/known"},
              "first_signals": {"$ref": "#/definitions/names"},
              "tied": {"$ref": "#/definitions/names"}
             }
            }
           ]
          },
          "knee": {
           "anyOf": [
            {"type": "null"},
            {
             "type": "object",
             "required": [
              "capacity", "ci", "reached", "slo_rate", "collapse_index", "hidden_capacity",
              "retries"
             ],
             "properties": {
              "capacity": {"$ref": "#/definitions/known"},
              "ci": {"anyOf": [{"type": "null"}, {"$ref": "#/definitions/interval"}]},
              "reached": {"type": "boolean"}, "slo_rate": {"$ref": "#/definitions/known"},
              "collapse_index": {"$ref": "#/definitions/known"},
              "hidden_capacity": {"$ref": "#/definitions/known"},
              "retries": {"$ref": "#/definitions/known"}
             }
            }
           ]
          },
          "metastable": {
           "anyOf": [
            {"type": "null"},
            {
             "type": "object",
             "required": [
              "state", "t_fresh", "t_storm", "t_recovered", "relief", "loop", "amplification"
             ],
             "properties": {
              "state": {
               "type": "string",
               "enum": [
                "RECOVERED", "RECOVERED_SLOWLY", "UNDECIDED", "METASTABLE", "SUSTAINED",
                "PERSISTENT", "not_applicable"
               ]
              },
              "t_fresh": {"$ref": "#/definitions/known"},
              "t_storm": {"$ref": "#/definitions/known"},
              "t_recovered": {"$ref": "#/definitions/known"},
              "relief": {"type": ["string", "null"]}, "loop": {"type": ["string", "null"]},
              "amplification": {"$ref": "#/definitions/known"}
             }
            }
           ]
          },
          "totals": {
           "type": "object",
           "required": [
            "intents", "accepted", "rejected", "gave_up", "failed", "dropped", "unfinished",
            "steps", "attempts", "attempts_completed", "attempts_failed",
            "attempts_unfinished", "bytes_up", "bytes_down"
           ],
           "properties": {
            "intents": {"$ref": "#/definitions/count"},
            "accepted": {"$ref": "#/definitions/count"},
            "rejected": {"$ref": "#/definitions/count"},
            "gave_up": {"$ref": "#/definitions/count"},
            "failed": {"$ref": "#/definitions/count"},
            "dropped": {"$ref": "#/definitions/count"},
            "unfinished": {"$ref": "#/definitions/count"},
            "steps": {"$ref": "#/definitions/count"},
            "attempts": {"$ref": "#/definitions/count"},
            "attempts_completed": {"$ref": "#/definitions/count"},
            "attempts_failed": {"$ref": "#/definitions/count"},
            "attempts_unfinished": {"$ref": "#/definitions/count"},
            "bytes_up": {"$ref": "#/definitions/count"},
            "bytes_down": {"$ref": "#/definitions/count"}
           }
          },
          "classes": {"$ref": "#/definitions/classes"},
          "phases": {
           "type": "array",
           "items": {
            "type": "object", "required": ["name", "t", "story", "kind", "classes"],
            "properties": {
             "name": {"type": "string"}, "t": {"$ref": "#/definitions/interval"},
             "story": {"$ref": "#/definitions/interval"},
             "kind": {"type": "string", "enum": ["load", "relief", "maintenance"]},
             "classes": {"$ref": "#/definitions/classes"}
            }
           }
          },
          "timeline": {
           "type": "array",
           "items": {
            "type": "object", "required": ["t", "story", "kind", "label"],
            "properties": {
             "t": {"type": "number"}, "story": {"type": "number"},
             "kind": {
              "type": "string",
              "enum": [
               "trigger", "symptom", "mitigation", "recovery", "info", "operator", "stop"
              ]
             },
             "label": {"type": "string"}
            }
           }
          },
          "loss": {
           "type": "object", "required": ["genuine", "selectivity", "reconcile"],
           "properties": {
            "genuine": {
             "anyOf": [
              {"type": "null"},
              {
               "type": "object",
               "required": ["baseline_success", "incident_success", "lost", "ci"],
               "properties": {
                "baseline_success": {"$ref": "#/definitions/known"},
                "incident_success": {"$ref": "#/definitions/known"},
                "lost": {"$ref": "#/definitions/known"},
                "ci": {"anyOf": [{"type": "null"}, {"$ref": "#/definitions/interval"}]}
               }
              }
             ]
            },
            "selectivity": {"$ref": "#/definitions/known"},
            "reconcile": {
             "anyOf": [
              {"type": "null"},
              {
               "type": "object",
               "required": [
                "acked_stored", "acked_missing", "unacked_stored", "unacked_missing"
               ],
               "properties": {
                "acked_stored": {"$ref": "#/definitions/count"},
                "acked_missing": {"$ref": "#/definitions/count"},
                "unacked_stored": {"$ref": "#/definitions/count"},
                "unacked_missing": {"$ref": "#/definitions/count"}
               }
              }
             ]
            }
           }
          },
          "outcomes": {
           "type": "object", "additionalProperties": {"$ref": "#/definitions/count"}
          },
          "hypotheses": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["id", "posterior", "for", "against", "missing", "refuting_run"],
            "properties": {
             "id": {"type": "string"}, "posterior": {"$ref": "#/definitions/known"},
             "for": {"$ref": "#/definitions/names"},
             "against": {"$ref": "#/definitions/names"},
             "missing": {"$ref": "#/definitions/names"},
             "refuting_run": {"type": ["string", "null"]}
            }
           }
          },
          "evidence": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["id", "test", "statistic", "n", "window", "weight", "group"],
            "properties": {
             "id": {"type": "string"}, "test": {"type": "string"},
             "statistic": {"type": "object", "additionalProperties": {"type": "number"}},
             "n": {"$ref": "#/definitions/known"},
             "window": {"type": "array", "items": {"type": "number"}},
             "weight": {"type": "object", "additionalProperties": {"type": "number"}},
             "group": {"type": "string"}
            }
           }
          },
          "next_runs": {
           "anyOf": [
            {"type": "null"},
            {
             "type": "array",
             "items": {
              "type": "object", "required": ["id", "gain_bits", "what"],
              "properties": {
               "id": {"type": "string"}, "gain_bits": {"$ref": "#/definitions/known"},
               "what": {"type": "string"}
              }
             }
            }
           ]
          },
          "remedies": {
           "anyOf": [
            {"type": "null"},
            {
             "type": "array",
             "items": {
              "type": "object", "required": ["id", "predicted", "measured"],
              "properties": {
               "id": {"type": "string"}, "predicted": {"type": ["string", "null"]},
               "measured": {"type": ["string", "null"]}
              }
             }
            }
           ]
          },
          "thresholds": {
           "type": "array",
           "items": {
            "type": "object",
            "required": [
             "selector", "expression", "value", "ok", "first_broken", "for", "name", "phase",
             "expect"
            ],
            "properties": {
             "selector": {"type": "string"}, "expression": {"type": "string"},
             "value": {"$ref": "#/definitions/known"}, "ok": {"type": ["boolean", "null"]},
             "first_broken": {"$ref": "#/definitions/known"},
             "for": {"$ref": "#/definitions/known"}, "name": {"type": ["string", "null"]},
             "phase": {"type": ["string", "null"]},
             "expect": {"type": "string", "enum": ["pass", "fail"]}
            }
           }
          },
          "review": {
           "anyOf": [
            {"type": "null"},
            {
             "type": "object",
             "required": [
              "accepted_per_s", "reviewed_per_s", "backlog", "oldest_age", "genuine_wait"
             ],
             "properties": {
              "accepted_per_s": {"$ref": "#/definitions/known"},
              "reviewed_per_s": {"$ref": "#/definitions/known"},
              "backlog": {"$ref": "#/definitions/known"},
              "oldest_age": {"$ref": "#/definitions/known"},
              "genuine_wait": {
               "type": "object", "required": ["p50", "p95"],
               "properties": {
                "p50": {"$ref": "#/definitions/known"}, "p95": {"$ref": "#/definitions/known"}
               }
              }
             }
            }
           ]
          },
          "series": {
           "type": "array",
           "items": {
            "type": "object",
            "required": [
             "t", "story", "offered", "attempts", "done", "good", "dropped", "in_flight",
             "p50", "p99", "outcomes", "classes", "review", "generator"
            ],
            "properties": {
             "t": {"type": "number"}, "story": {"type": "number"},
             "offered": {"$ref": "#/definitions/count"},
             "attempts": {"$ref": "#/definitions/count"},
             "done": {"$ref": "#/definitions/count"}, "good": {"$ref": "#/definitions/count"},
             "dropped": {"$ref": "#/definitions/count"},
             "in_flight": {"$ref": "#/definitions/count"},
             "p50": {"$ref": "#/definitions/known"}, "p99": {"$ref": "#/definitions/known"},
             "outcomes": {
              "type": "object", "additionalProperties": {"$ref": "#/definitions/count"}
             },
             "classes": {
              "type": "object",
              "additionalProperties": {
               "type": "object",
               "required": ["offered", "done", "good", "arrived", "arrived_accepted"],
               "properties": {
                "offered": {"$ref": "#/definitions/count"},
                "done": {"$ref": "#/definitions/count"},
                "good": {"$ref": "#/definitions/count"},
                "arrived": {"$ref": "#/definitions/count"},
                "arrived_accepted": {"$ref": "#/definitions/count"}
               }
              }
             },
             "review": {
              "anyOf": [
               {"type": "null"},
               {
                "type": "object", "required": ["backlog", "oldest_age"],
                "properties": {
                 "backlog": {"$ref": "#/definitions/known"},
                 "oldest_age": {"$ref": "#/definitions/known"}
                }
               }
              ]
             },
             "generator": {
              "type": "object", "required": ["cpu", "lag_p99_ms"],
              "properties": {
               "cpu": {"$ref": "#/definitions/known"},
               "lag_p99_ms": {"$ref": "#/definitions/known"}
              }
             }
            }
           },
           "maxItems": 1200
          }
         },
         "definitions": {
          "count": {"type": "integer", "minimum": 0}, "known": {"type": ["number", "null"]},
          "interval": {
           "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2
          },
          "percentiles": {
           "type": "object", "required": ["p50", "p90", "p99", "p999", "max", "p99_at_least"],
           "properties": {
            "p50": {"$ref": "#/definitions/known"}, "p90": {"$ref": "#/definitions/known"},
            "p99": {"$ref": "#/definitions/known"}, "p999": {"$ref": "#/definitions/known"},
            "max": {"$ref": "#/definitions/known"},
            "p99_at_least": {"$ref": "#/definitions/known"}
           }
          },
          "classes": {
           "type": "object", "additionalProperties": {"$ref": "#/definitions/class"}
          },
          "class": {
           "type": "object",
           "required": [
            "intents", "accepted", "rejected", "gave_up", "failed", "dropped", "unfinished",
            "response_ms", "answered_ms", "service_ms", "amplification"
           ],
           "properties": {
            "intents": {"$ref": "#/definitions/count"},
            "accepted": {"$ref": "#/definitions/count"},
            "rejected": {"$ref": "#/definitions/count"},
            "gave_up": {"$ref": "#/definitions/count"},
            "failed": {"$ref": "#/definitions/count"},
            "dropped": {"$ref": "#/definitions/count"},
            "unfinished": {"$ref": "#/definitions/count"},
            "response_ms": {"$ref": "#/definitions/percentiles"},
            "answered_ms": {"$ref": "#/definitions/percentiles"},
            "service_ms": {"$ref": "#/definitions/percentiles"},
            "amplification": {"$ref": "#/definitions/known"}
           }
          },
          "names": {"type": "array", "items": {"type": "string"}}
         }
        }

        """#
}
