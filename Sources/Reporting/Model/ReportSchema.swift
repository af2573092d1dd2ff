extension Report {
    /// The JSON Schema (draft 07) of `report.json`: what `spate schema --report` prints.
    ///
    /// Keys may be added in later versions; none is taken away or changes its meaning.
    package static let jsonSchema = #"""
        {
         "$schema": "http://json-schema.org/draft-07/schema#", "title": "Spate's report of a run",
         "description": "Times in seconds from the run's start, latencies in ms, sizes in bytes.",
         "type": "object",
         "required": [
          "schema", "run", "validity", "verdict", "onset", "knee", "metastable", "totals",
          "classes", "phases", "timeline", "loss", "outcomes", "hypotheses", "evidence",
          "next_runs", "remedies", "thresholds", "review", "series", "generator", "people"
         ],
         "properties": {
          "schema": {"const": "spate/report/1"},
          "run": {
           "type": "object",
           "required": [
            "id", "scenario", "seed", "started", "duration", "time_scale", "version", "libcurl",
            "host", "scenario_sha256", "command", "stopped"
           ],
           "properties": {
            "id": {"type": "string"}, "scenario": {"type": "string"},
            "seed": {"$ref": "#/$defs/count"}, "started": {"type": "string"},
            "duration": {"type": "number"}, "time_scale": {"type": "number"},
            "version": {"type": "string"}, "libcurl": {"type": "string"},
            "host": {
             "type": "object",
             "required": ["kernel", "cores", "descriptors", "local_ports", "memory", "name"],
             "properties": {
              "kernel": {"type": "string"}, "cores": {"$ref": "#/$defs/count"},
              "descriptors": {"$ref": "#/$defs/count"}, "local_ports": {"$ref": "#/$defs/count"},
              "memory": {"$ref": "#/$defs/count"}, "name": {"type": "string"}
             }
            },
            "scenario_sha256": {"type": "string"}, "command": {"type": "string"},
            "insecure": {"type": ["boolean", "null"]}, "stopped": {"$ref": "#/$defs/words"},
            "scenario_text": {"type": "string"}
           }
          },
          "validity": {
           "type": "object", "required": ["state", "gates"],
           "properties": {
            "state": {"type": "string", "enum": ["valid", "suspect", "invalid"]},
            "disturbed": {"type": ["boolean", "null"]},
            "gates": {
             "type": "array",
             "items": {
              "type": "object", "required": ["id", "state", "detail"],
              "properties": {
               "id": {"type": "string"}, "detail": {"type": "string"},
               "state": {"type": "string", "enum": ["ok", "failed", "not_applicable"]}
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
             "enum": ["CAUSE", "FAMILY", "LEADING", "NOT_ENOUGH_EVIDENCE", "HEALTHY", "INVALID"]
            },
            "family": {"$ref": "#/$defs/words"}, "mechanism": {"$ref": "#/$defs/words"},
            "overlay": {"$ref": "#/$defs/names"}, "posterior": {"$ref": "#/$defs/known"},
            "bf_next": {"$ref": "#/$defs/known"}, "sentence": {"type": "string"},
            "families": {"type": "object", "additionalProperties": {"type": "number"}},
            "weights": {"type": "string"}, "claims": \#(Report.claimsSchema)
           }
          },
          "onset": {
           "anyOf": [
            {"type": "null"},
            {
             "type": "object", "required": ["t", "ci", "load", "first_signals", "tied"],
             "properties": {
              "t": {"type": "number"}, "ci": {"type": "array", "items": {"type": "number"}},
              "load": {"$ref": "#/$defs/known"}, "first_signals": {"$ref": "#/$defs/names"},
              "tied": {"$ref": "#/$defs/names"}
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
              "capacity": {"$ref": "#/$defs/known"},
              "ci": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/interval"}]},
              "reached": {"type": "boolean"}, "slo_rate": {"$ref": "#/$defs/known"},
              "collapse_index": {"$ref": "#/$defs/known"},
              "hidden_capacity": {"$ref": "#/$defs/known"}, "retries": {"$ref": "#/$defs/known"}
             }
            }
           ]
          },
          "metastable": \#(Report.metastableSchema),
          "totals": {
           "type": "object",
           "required": [
            "intents", "accepted", "rejected", "gave_up", "failed", "dropped", "unfinished",
            "steps", "attempts", "attempts_completed", "attempts_failed", "attempts_unfinished",
            "bytes_up", "bytes_down"
           ],
           "properties": {
            "intents": {"$ref": "#/$defs/count"}, "accepted": {"$ref": "#/$defs/count"},
            "rejected": {"$ref": "#/$defs/count"}, "gave_up": {"$ref": "#/$defs/count"},
            "failed": {"$ref": "#/$defs/count"}, "dropped": {"$ref": "#/$defs/count"},
            "unfinished": {"$ref": "#/$defs/count"}, "steps": {"$ref": "#/$defs/count"},
            "attempts": {"$ref": "#/$defs/count"},
            "attempts_completed": {"$ref": "#/$defs/count"},
            "attempts_failed": {"$ref": "#/$defs/count"},
            "attempts_unfinished": {"$ref": "#/$defs/count"},
            "bytes_up": {"$ref": "#/$defs/count"}, "bytes_down": {"$ref": "#/$defs/count"}
           }
          },
          "classes": {"$ref": "#/$defs/classes"},
          "phases": {
           "type": "array",
           "items": {
            "type": "object", "required": ["name", "t", "story", "kind", "classes"],
            "properties": {
             "name": {"type": "string"}, "t": {"$ref": "#/$defs/interval"},
             "story": {"$ref": "#/$defs/interval"},
             "kind": {"type": "string", "enum": ["load", "relief", "maintenance"]},
             "classes": {"$ref": "#/$defs/classes"},
             "distribution": \#(Report.distributionSchema)
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
              "enum": ["trigger", "symptom", "mitigation", "recovery", "info", "operator", "stop"]
             },
             "label": {"type": "string"},
             "source": {"type": "string", "enum": ["planned", "observed", "found"]}
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
                "baseline_success": {"$ref": "#/$defs/known"},
                "incident_success": {"$ref": "#/$defs/known"}, "lost": {"$ref": "#/$defs/known"},
                "ci": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/interval"}]}
               }
              }
             ]
            },
            "selectivity": {"$ref": "#/$defs/known"},
            "reconcile": {
             "anyOf": [
              {"type": "null"},
              {
               "type": "object",
               "required": ["acked_stored", "acked_missing", "unacked_stored", "unacked_missing"],
               "properties": {
                "acked_stored": {"$ref": "#/$defs/count"},
                "acked_missing": {"$ref": "#/$defs/count"},
                "unacked_stored": {"$ref": "#/$defs/count"},
                "unacked_missing": {"$ref": "#/$defs/count"}
               }
              }
             ]
            }
           }
          },
          "people": \#(Report.peopleSchema),
          "heatmap": \#(Report.heatmapSchema),
          "breakdown": \#(Report.breakdownSchema),
          "outage": \#(Report.outageSchema),
          "outcomes": {"type": "object", "additionalProperties": {"$ref": "#/$defs/count"}},
          "hypotheses": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["id", "posterior", "for", "against", "missing", "refuting_run"],
            "properties": {
             "id": {"type": "string"}, "posterior": {"$ref": "#/$defs/known"},
             "for": {"$ref": "#/$defs/names"}, "against": {"$ref": "#/$defs/names"},
             "missing": {"$ref": "#/$defs/names"}, "refuting_run": {"$ref": "#/$defs/words"}
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
             "n": {"$ref": "#/$defs/known"},
             "window": {"type": "array", "items": {"type": "number"}},
             "weight": {"type": "object", "additionalProperties": {"type": "number"}},
             "group": {"type": "string"}, "outcome": {"type": "string"}
            }
           }
          },
          "next_runs": \#(Report.nextRunsSchema),
          "remedies": {
           "anyOf": [
            {"type": "null"},
            {
             "type": "array",
             "items": {
              "type": "object", "required": ["id", "predicted", "measured"],
              "properties": {
               "id": {"type": "string"}, "predicted": {"$ref": "#/$defs/words"},
               "measured": {"$ref": "#/$defs/words"}
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
             "expect", "severity", "over", "sustained", "aborted", "line"
            ],
            "properties": {
             "selector": {"type": "string"}, "expression": {"type": "string"},
             "value": {"$ref": "#/$defs/known"}, "ok": {"type": ["boolean", "null"]},
             "first_broken": {"$ref": "#/$defs/known"}, "for": {"$ref": "#/$defs/known"},
             "name": {"$ref": "#/$defs/words"}, "phase": {"$ref": "#/$defs/words"},
             "expect": {"type": "string", "enum": ["pass", "fail"]},
             "severity": {"type": ["string", "null"], "enum": ["error", "warning", null]},
             "over": {"$ref": "#/$defs/known"}, "sustained": {"$ref": "#/$defs/known"},
             "aborted": {"type": ["boolean", "null"]}, "line": {"type": ["integer", "null"]}
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
              "accepted_per_s": {"$ref": "#/$defs/known"},
              "reviewed_per_s": {"$ref": "#/$defs/known"}, "backlog": {"$ref": "#/$defs/known"},
              "oldest_age": {"$ref": "#/$defs/known"},
              "slope_per_s": {"$ref": "#/$defs/known"},
              "newest_waits": {"$ref": "#/$defs/known"},
              "clears_in": {"$ref": "#/$defs/known"},
              "genuine_wait": {
               "type": "object", "required": ["p50", "p95"],
               "properties": {"p50": {"$ref": "#/$defs/known"}, "p95": {"$ref": "#/$defs/known"}}
              }
             }
            }
           ]
          },
          "generator": {
           "anyOf": [
            {"type": "null"},
            {
             "type": "object", "required": ["schedule_delay_ms", "reference_ms", "closed_loop"],
             "properties": {
              "schedule_delay_ms": {"$ref": "#/$defs/percentiles"},
              "reference_ms": {"$ref": "#/$defs/percentiles"},
              "closed_loop": {"$ref": "#/$defs/names"}
             }
            }
           ]
          },
          "telemetry": \#(Report.telemetrySchema),
          "series": {
           "type": "array",
           "items": {
            "type": "object",
            "required": [
             "t", "story", "offered", "attempts", "done", "good", "dropped", "in_flight", "p50",
             "p99", "outcomes", "classes", "review", "generator"
            ],
            "properties": {
             "t": {"type": "number"}, "story": {"type": "number"},
             "offered": {"$ref": "#/$defs/count"}, "attempts": {"$ref": "#/$defs/count"},
             "done": {"$ref": "#/$defs/count"}, "good": {"$ref": "#/$defs/count"},
             "dropped": {"$ref": "#/$defs/count"}, "in_flight": {"$ref": "#/$defs/count"},
             "p50": {"$ref": "#/$defs/known"}, "p99": {"$ref": "#/$defs/known"},
             "p90": {"$ref": "#/$defs/known"}, "p999": {"$ref": "#/$defs/known"},
             "max": {"$ref": "#/$defs/known"}, "service_ms": {"$ref": "#/$defs/percentiles"},
             "retries": {"$ref": "#/$defs/count"},
             "outcomes": {"type": "object", "additionalProperties": {"$ref": "#/$defs/count"}},
             "classes": {
              "type": "object",
              "additionalProperties": {
               "type": "object",
               "required": ["offered", "done", "good", "arrived", "arrived_accepted"],
               "properties": {
                "offered": {"$ref": "#/$defs/count"}, "done": {"$ref": "#/$defs/count"},
                "good": {"$ref": "#/$defs/count"}, "arrived": {"$ref": "#/$defs/count"},
                "arrived_accepted": {"$ref": "#/$defs/count"}
               }
              }
             },
             "review": {
              "anyOf": [
               {"type": "null"},
               {
                "type": "object", "required": ["backlog", "oldest_age"],
                "properties": {
                 "backlog": {"$ref": "#/$defs/known"}, "oldest_age": {"$ref": "#/$defs/known"}
                }
               }
              ]
             },
             "generator": {
              "type": "object", "required": ["cpu", "lag_p99_ms"],
              "additionalProperties": {"$ref": "#/$defs/known"}
             }
            }
           },
           "maxItems": 1200
          }
         },
         "$defs": {
          "count": {"type": "integer", "minimum": 0}, "known": {"type": ["number", "null"]},
          "interval": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
          "percentiles": {
           "type": "object", "required": ["p50", "p90", "p99", "p999", "max", "p99_at_least"],
           "properties": {
            "p50": {"$ref": "#/$defs/known"}, "p90": {"$ref": "#/$defs/known"},
            "p99": {"$ref": "#/$defs/known"}, "p999": {"$ref": "#/$defs/known"},
            "max": {"$ref": "#/$defs/known"}, "p99_at_least": {"$ref": "#/$defs/known"}
           }
          },
          "classes": {"type": "object", "additionalProperties": {"$ref": "#/$defs/class"}},
          "class": {
           "type": "object",
           "required": [
            "intents", "accepted", "rejected", "gave_up", "failed", "dropped", "unfinished",
            "response_ms", "answered_ms", "service_ms", "amplification"
           ],
           "properties": {
            "intents": {"$ref": "#/$defs/count"}, "accepted": {"$ref": "#/$defs/count"},
            "rejected": {"$ref": "#/$defs/count"}, "gave_up": {"$ref": "#/$defs/count"},
            "failed": {"$ref": "#/$defs/count"}, "dropped": {"$ref": "#/$defs/count"},
            "unfinished": {"$ref": "#/$defs/count"}, "response_ms": {"$ref": "#/$defs/percentiles"},
            "answered_ms": {"$ref": "#/$defs/percentiles"},
            "service_ms": {"$ref": "#/$defs/percentiles"},
            "amplification": {"$ref": "#/$defs/known"}
           }
          },
          "names": {"type": "array", "items": {"type": "string"}},
          "words": {"type": ["string", "null"]}
         }
        }

        """#
}
