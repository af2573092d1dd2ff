"""What the manual pages say beside the program's own help: environment, files, examples."""

# Options that a variable stands for: Sources/spate/EnvironmentOptions.swift.
VARIABLES = [
    (f"--{option}", "SPATE_" + option.upper().replace("-", "_"))
    for option in [
        "target", "seed", "time-scale", "rate-factor", "duration", "out-dir", "live", "lanes", "source",
    ]
]

ENVIRONMENT = [
    ("NO_COLOR", "not empty: no colours (https://no-color.org)"),
    ("FORCE_COLOR", "not empty: colours although there is no terminal; 0: none. Outranks NO_COLOR"),
    ("TERM", "dumb: neither colours nor a view that is drawn anew"),
    ("CI", "set: progress is lines, as without a terminal"),
    ("COLUMNS", "the width of tables where stdout is no terminal; 100 unless said"),
    ("LC_ALL, LC_CTYPE, LANG", "a locale without UTF-8: a terminal gets ASCII; files are UTF-8 always"),
    ("SPATE_TELEMETRY_HEADERS, OTEL_EXPORTER_OTLP_HEADERS, INFLUX_TOKEN",
     "headers for the collectors of --telemetry"),
    ("GITHUB_ACTIONS, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT", "a workflow: spate run also makes -o github"),
    ("PATH", "where spate-intake is looked for when it does not lie beside spate"),
]

FILES = [
    ("reports/<scenario>/<UTC stamp>/", "a run; reports/<scenario>/latest leads to the newest"),
    ("report.html, report.md, report.json, junit.xml", "in it: the reports; report.json has every number"),
    ("manifest.json, scenario.yaml, plan.json", "in it: what ran, with secrets left out"),
    ("journal/", "in it: what was measured, once a second; spate report makes the reports from it again"),
    ("intake.log", "in it: what the bundled intake had to say"),
    ("/.well-known/spate.json", "on a host that is not this machine: its consent to be tested"),
]

# The codes each verb can end with; a verb that is not here can end with any.
EXIT_CODES = {
    "check": {0, 1, 64, 104},
    "compare": {0, 1, 64, 95, 96},
    "plan": {0, 1, 64, 95, 104},
    "hit": {0, 1, 64, 95, 107},
    "report": {0, 1, 64},
    "explain": {0, 1, 64},
    "new": {0, 1, 64},
    "schema": {0, 64},
    "doctor": {0, 1, 64, 95, 104},
    "exit-codes": {0, 64},
}

NOTES = {
    "intake": "Every argument goes to spate-intake as it is: spate intake --help shows that program's help.",
}

EXAMPLES = {
    "spate": [
        ("The flood that the documentation is about, and what came of it:",
         "spate run scenarios/viral-flood.yaml\nxdg-open reports/viral-flood/latest/report.html"),
        ("A scenario of one's own:", "spate new -o upload.yaml\nspate plan upload.yaml\nspate run upload.yaml"),
        ("An outage is over, the run's folder is there: what happened?",
         "spate explain reports/viral-flood/latest"),
    ],
    "run": [
        ("Against a server on this machine:", "spate run upload.yaml --target http://127.0.0.1:8080"),
        ("Half the load, another seed, nothing but the verdict's JSON:",
         "spate run upload.yaml --rate-factor 0.5 --seed 7 --json -q"),
        ("In a pipeline, with the thresholds where the server looks for them:",
         "spate run upload.yaml --live line -o junit=junit.xml"),
        ("Is it slower than it was?", "spate run upload.yaml --repeat 5 --baseline base.json"),
        ("What would a bounded queue have changed?", "spate run upload.yaml --remedy bounded-queue=50"),
    ],
    "investigate": [
        ("Until the cause is known, half an hour at most:", "spate investigate upload.yaml --budget 30m"),
        ("And whether what is predicted would have helped:", "spate investigate upload.yaml --remedies all"),
    ],
    "check": [("Before it is committed:", "spate check upload.yaml")],
    "plan": [
        ("What would it do, and is this machine enough?", "spate plan upload.yaml"),
        ("Every arrival, second and size:", "spate plan upload.yaml --arrivals | head"),
    ],
    "hit": [
        ("Ten seconds, 64 clients, each sending when it has its answer:",
         "spate hit http://127.0.0.1:8080/ -c 64 -z 10s"),
        ("200 requests a second whatever the answers:", "spate hit http://127.0.0.1:8080/ -q 200 -z 1m --json"),
        ("An upload, and the scenario it is equal to:",
         "spate hit http://127.0.0.1:8080/v1/tips -F video=@clip.mp4 --save upload.yaml"),
    ],
    "report": [
        ("All reports again, also of a run that was killed:", "spate report reports/upload/latest"),
        ("The page, mailed:", "spate report reports/upload/latest -o html=outage.html"),
    ],
    "explain": [
        ("What happened?", "spate explain reports/upload/latest"),
        ("What would one say who saw the clients only?", "spate explain reports/upload/latest --client-only"),
    ],
    "compare": [
        ("Five runs of the new server against five of the old one:", "spate compare runs/old runs/new"),
        ("Keep a baseline, and hold a later run against it:",
         "spate compare --save base.json runs/old\nspate compare base.json reports/upload/latest"),
    ],
    "new": [
        ("Which are there?", "spate new --list"),
        ("A storm of retries:", "spate new retry-storm -o storm.yaml"),
    ],
    "schema": [("For an editor:", "spate schema > scenario.schema.json")],
    "intake": [("A small server to hit:", "spate intake -- --port 8080 --workers 2 --service-time 20ms")],
    "doctor": [
        ("Is this machine fit for runs that count?", "spate doctor"),
        ("And for this one?", "spate doctor upload.yaml"),
    ],
    "exit-codes": [
        ("In a script:", "spate run upload.yaml -q\n[ $? = 95 ] && echo 'no verdict: the generator was the limit'"),
    ],
}
