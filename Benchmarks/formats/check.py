#!/usr/bin/env python3
"""Do the readers of other people's programs take every file that -o writes, and read the same?

Plays one short run against the bundled intake with every kind of output, and reads each file with
- xmllint and PyPI's junitparser (JUnit; the schema is Tests/Golden/junit.xsd),
- PyPI's prometheus_client and GitLab's way to split a line (OpenMetrics),
- PyPI's hdrhistogram (.hlog, and the percentile text against it),
- PyPI's jsonschema (github-action-benchmark), Python's json and csv (k6, seconds, series),
- GitHub's rules for workflow commands and outputs.
What is read is compared with report.json. `spate report` has to write the same bytes again. Readers go
into a virtual environment, xmllint is unpacked from Debian's package where it is missing; everything
stays on loopback and is removed at the end.

    Benchmarks/formats/check.py --spate .build/release/spate
"""
import contextlib
import csv
import datetime
import glob
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, f"{os.path.dirname(HERE)}/trust")
import stand  # noqa: E402

READERS = ["junitparser", "prometheus_client", "hdrhistogram", "jsonschema"]
KINDS = ["json", "html", "markdown", "junit", "attempts", "github", "k6-summary", "openmetrics",
         "benchmark-action", "k6-json", "ndjson", "csv", "hlog", "hdrplot"]
SCENARIO = r"""version: 1
name: "Näme \"with\" <b> & 100%, 'x'"
seed: 4
target: { intake: { workers: 2, serviceTime: 5ms, queue: 4 } }
http: { timeout: 1s }
scenarios:
  people:
    executor: constant-arrival-rate
    rate: 60/s
    duration: 5s
    flow: [ { post: { url: /v1/tips, name: "tip, \"x\" 100%", multipart: { text: a tip } } } ]
  visitors:
    class: noise
    executor: constant-arrival-rate
    rate: 10/s
    duration: 5s
    flow: [ { get: /nothing } ]
thresholds:
  "http_req_failed{class:genuine}": [ "rate<100%" ]
  "http_req_response_time{class:genuine}":
    - { threshold: "p(99)<1us", name: "issue #12: 100%, <really> \"quick\"\nsecond line" }
    - "p(50)<10s"
  "http_req_failed{class:noise}":
    - { threshold: "rate<1%" }
    - { threshold: "rate<2%", severity: warning, name: warned }
    - { threshold: "rate<3%", expect: fail, name: wanted }
  http_req_tls_handshaking: [ { threshold: "p(95)<1s", name: nobody shakes hands } ]
"""
BENCHMARKS = {
    "type": "array",
    "items": {
        "type": "object", "required": ["name", "unit", "value"], "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "minLength": 1}, "unit": {"type": "string"},
            "value": {"type": "number"}, "range": {"type": "string"}, "extra": {"type": "string"},
        },
    },
}


def readers(folder):
    """Goes on in a Python that has the readers."""
    python = f"{folder}/venv/bin/python"
    subprocess.run([sys.executable, "-m", "venv", f"{folder}/venv"], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *READERS], check=True)
    return subprocess.run([python, os.path.abspath(__file__), *sys.argv[1:]],
                          env={**os.environ, "SPATE_READERS": "1"}, check=False).returncode


def xmllint(folder):
    """The path of xmllint: installed, or unpacked from its Debian package."""
    found = shutil.which("xmllint")
    if found:
        return found
    os.makedirs(f"{folder}/debian")
    subprocess.run(["apt-get", "download", "-q", "libxml2-utils"], cwd=f"{folder}/debian",
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for archive in glob.glob(f"{folder}/debian/*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, f"{folder}/debian/root"], check=True)
    return f"{folder}/debian/root/usr/bin/xmllint"


def text(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def same(check, what, got, want):
    check.row(what, got, want, got == want)


def names(report):
    """The name of each rule: its own, or its words."""
    for rule in report["thresholds"]:
        yield rule["name"] or f"{rule['selector']}: {rule['expression']}", rule


# --- Each format


def junit(check, folder, report):
    from junitparser import Error, Failure, JUnitXml, Skipped
    done = subprocess.run([xmllint(folder), "--noout", "--schema", f"{ROOT}/Tests/Golden/junit.xsd",
                           "o.junit"], cwd=folder, capture_output=True, text=True, check=False)
    check.row("junit: xmllint by Jenkins' schema", done.stderr.strip(), "validates", done.returncode == 0)
    (suite,) = JUnitXml.fromfile(f"{folder}/o.junit")
    found = {case.name: [type(result) for result in case.result] for case in suite}
    wanted = {}
    for name, rule in names(report):
        kind = [] if rule["ok"] else [Error] if rule["ok"] is None else [Failure]
        wanted[name.replace("\n", " ")] = [Skipped] if kind and rule["severity"] == "warning" else kind
    wanted["the run is valid"] = []
    same(check, "junit: cases by junitparser", len(found), len(wanted))
    check.row("junit: results", [kinds[0].__name__ if kinds else "passed" for kinds in found.values()],
              "as report.json has them", list(found.values()) == list(wanted.values()))
    same(check, "junit: names", list(found), list(wanted))
    same(check, "junit: failures, errors, skipped", (suite.failures, suite.errors, suite.skipped), (2, 1, 1))
    same(check, "junit: name", suite.name, report["run"]["scenario"])


def openmetrics(check, folder, report):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
    body = text(f"{folder}/o.openmetrics")
    samples = [s for family in text_string_to_metric_families(body) for s in family.samples]
    check.row("openmetrics: samples by prometheus_client", len(samples), "at least 30", len(samples) >= 30)
    values = {(s.name, tuple(sorted(s.labels.items()))): s.value for s in samples}
    genuine = report["classes"]["genuine"]
    same(check, "openmetrics: accepted",
         values["spate_intents", (("class", "genuine"), ("ending", "accepted"))], genuine["accepted"])
    p50 = values["spate_answered_seconds", (("class", "genuine"), ("quantile", "0.5"))]
    wanted = genuine["answered_ms"]["p50"] / 1000
    check.row("openmetrics: p50", p50, f"{wanted} to three digits", abs(p50 / wanted - 1) < 0.00501)
    # As GitLab does: no comments, then the shell's words; the first is the name, the second the value.
    lines = [re.sub("#.*", "", line) for line in body.splitlines()]
    words = [shlex.split(line) for line in lines if line.strip()]
    same(check, "openmetrics: lines by GitLab's rule", sum(len(line) == 2 for line in words), len(samples))
    same(check, "openmetrics: names differ", len({w[0] for w in words}), len(samples))


def k6_summary(check, folder, report):
    metrics = json.loads(text(f"{folder}/o.k6-summary"))["metrics"]
    totals = report["totals"]
    ended = totals["attempts_completed"] + totals["attempts_failed"]
    same(check, "k6-summary: http_reqs.count", metrics["http_reqs"]["count"], ended)
    check.row("k6-summary: http_reqs.rate (RPS)", metrics["http_reqs"]["rate"],
              f"{ended / report['run']['duration']:.6f}",
              abs(metrics["http_reqs"]["rate"] * report["run"]["duration"] - ended) < 0.001)
    waiting = metrics["http_req_waiting"]
    check.row("k6-summary: http_req_waiting p(90), p(95) (TTFB)", (waiting["p(90)"], waiting["p(95)"]),
              "ordered", 0 < waiting["p(90)"] <= waiting["p(95)"])
    checks = metrics["checks"]
    same(check, "k6-summary: checks passes + fails", checks["passes"] + checks["fails"], ended)
    same(check, "k6-summary: checks passes", checks["passes"], sum(row["good"] for row in report["series"]))
    crossed = sum(list(metric.get("thresholds", {}).values()).count(True) for metric in metrics.values())
    same(check, "k6-summary: thresholds crossed", crossed,
         sum(rule["ok"] is not True for rule in report["thresholds"]))


def benchmarks(check, folder, report):
    import jsonschema
    entries = json.loads(text(f"{folder}/o.benchmark-action"))
    jsonschema.validate(entries, BENCHMARKS)
    check.row("benchmark-action: entries by schema", len(entries), "at least 5", len(entries) >= 5)
    values = {e["name"].rsplit(": ", 1)[1]: e["value"] for e in entries}
    genuine = report["classes"]["genuine"]
    same(check, "benchmark-action: p50", values["genuine response p50"], genuine["response_ms"]["p50"])
    same(check, "benchmark-action: names differ", len(values), len(entries))


def k6_points(check, folder, report):
    rows = [json.loads(line) for line in text(f"{folder}/o.k6-json").splitlines()]
    told, sums, late = set(), {}, 0
    started = datetime.datetime.fromisoformat(report["run"]["started"].replace("Z", "+00:00"))
    for row in rows:
        if row["type"] == "Metric":
            told.add(row["metric"])
            assert row["data"]["type"] in ("counter", "gauge", "rate", "trend")
            continue
        late += row["metric"] not in told
        assert set(row["data"]) == {"time", "value", "tags"}
        moment = datetime.datetime.fromisoformat(row["data"]["time"].replace("Z", "+00:00"))
        assert 0 <= (moment - started).total_seconds() <= report["run"]["duration"] + 1
        assert all(isinstance(value, str) for value in row["data"]["tags"].values())
        sums[row["metric"]] = sums.get(row["metric"], 0) + row["data"]["value"]
    totals = report["totals"]
    same(check, "k6-json: points before their metric", late, 0)
    same(check, "k6-json: http_reqs", sums["http_reqs"], totals["attempts_completed"] + totals["attempts_failed"])
    same(check, "k6-json: data_sent", sums["data_sent"], totals["bytes_up"])


def tables(check, folder, report):
    seconds = [json.loads(line) for line in text(f"{folder}/o.ndjson").splitlines()]
    series = list(csv.DictReader(io.StringIO(text(f"{folder}/o.csv"), newline="")))
    attempts = [json.loads(line) for line in text(f"{folder}/o.attempts").splitlines()]
    totals = report["totals"]
    ended = totals["attempts_completed"] + totals["attempts_failed"]
    same(check, "ndjson: offered", sum(row["offered"] for row in seconds), totals["intents"])
    same(check, "ndjson: done", sum(row["done"] for row in seconds), ended)
    same(check, "ndjson: outcomes", sum(sum(row["outcomes"].values()) for row in seconds), ended)
    same(check, "csv: offered", sum(int(row["offered"]) for row in series), totals["intents"])
    same(check, "csv: p50", [float(row["p50_ms"]) if row["p50_ms"] else None for row in series],
         [row["p50"] for row in report["series"]])
    same(check, "csv: genuine accepted", sum(int(row["genuine_arrived_accepted"]) for row in series),
         report["classes"]["genuine"]["accepted"])
    same(check, "attempts: rows", len(attempts), ended)


def histograms(check, folder, report):
    from hdrh.histogram import HdrHistogram
    from hdrh.log import HistogramLogReader

    def log(path):
        """The histograms of a log by tag, added up, and the longest value of each."""
        found, longest = {}, {}
        reader = HistogramLogReader(path, HdrHistogram(1, 3_600_000_000, 3))
        while (interval := reader.get_next_interval_histogram()) is not None:
            total = found.setdefault(interval.get_tag(), HdrHistogram(1, 3_600_000_000, 3))
            total.add(interval)
        for line in text(path).splitlines():
            if line.startswith("Tag="):
                tag, _, _, most, _ = line.split(",")
                longest[tag[4:]] = max(longest.get(tag[4:], 0), round(float(most) * 1000))
        return found, longest

    def ranks(histogram):
        """(value, how many up to it) of each bucket in use."""
        return [(item.value_iterated_to, item.total_count_to_this_value)
                for item in histogram.get_recorded_iterator()]

    found, longest = log(f"{folder}/o.hlog")
    same(check, "hlog: tags by hdrhistogram", sorted(found), ["people/good", "visitors/not_good"])
    same(check, "hlog: counts", sum(h.get_total_count() for h in found.values()),
         report["totals"]["attempts_completed"] + report["totals"]["attempts_failed"])
    journal, _ = log(f"{folder}/d/journal/latency.hlog")
    for tag, histogram in found.items():
        kept = next((h for name, h in journal.items() if name == tag.replace("_", "")), None)
        check.row(f"hlog: {tag}, buckets as in the journal", len(ranks(histogram)), "the same counts",
                  kept is not None and ranks(histogram) == ranks(kept))
    good = ranks(found["people/good"])
    count = good[-1][1]
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)):
        rank = max(1, -(-round(share * 1000) * count // 1000))
        value = min(next(v for v, seen in good if seen >= rank), longest["people/good"]) / 1000
        same(check, f"hlog: {name} in ms", value, report["classes"]["genuine"]["response_ms"][name])
    total = count + found["visitors/not_good"].get_total_count()
    wrong = lines = 0
    for line in text(f"{folder}/o.hdrplot").splitlines()[2:]:
        if line.startswith("#"):
            continue
        value, level, seen, rest = (float(cell) for cell in line.split())
        rank = max(1, -(-round(level * 1e12) * total // 10**12))
        value_there, seen_there = next((v, s) for v, s in good if s >= rank)
        wrong += (min(value_there, longest["people/good"]) != round(value * 1000) or seen != seen_there
                  or abs(rest - 1 / (1 - level)) > 0.005 + 1e-9)
        lines += 1
    check.row("hdrplot: lines by hdrhistogram's counts", f"{lines}, wrong {wrong}", "wrong 0", lines > 10 and not wrong)


def github(check, folder, report):
    commands = text(f"{folder}/o.github").splitlines()
    shown = []
    for command in commands:
        kind, properties, data = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", command).groups()
        plain = {}
        for pair in properties.split(","):
            key, value = pair.split("=", 1)
            for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
                value = value.replace(code, sign)
            plain[key] = value
        shown.append((kind, plain["file"], int(plain["line"]), plain["title"].removeprefix("Spate: "), data))
    wanted = [(rule["severity"], "received.yaml", rule["line"], name)
              for severity in ("error", "warning") for name, rule in names(report)
              if rule["ok"] is not True and rule["severity"] == severity]
    same(check, "github: annotations", [item[:4] for item in shown], wanted)
    scenario = SCENARIO.splitlines()
    expressions = {rule["line"]: rule["expression"] for rule in report["thresholds"]}
    same(check, "github: each at the line of its rule",
         sum(expressions[item[2]] in scenario[item[2] - 1] for item in shown), len(shown))
    outputs = dict(line.split("=", 1) for line in text(f"{folder}/output").splitlines())
    same(check, "github: outputs", (outputs["before"], outputs["verdict"], outputs["thresholds_broken"],
                                    outputs["thresholds_warned"], outputs["report_path"]),
         ("kept", report["verdict"]["grade"], "3", "1", "d/report.html"))
    summary = text(f"{folder}/summary")
    check.row("github: step summary is the Markdown", f"{len(summary)} characters", "after other steps'",
              summary == "before\n" + text(f"{folder}/o.markdown"))


# --- The run


def run(options):
    check = stand.Check("Readers take what is written")
    with stand.folder() as folder, contextlib.chdir(folder):
        stand.write(folder, "received.yaml", SCENARIO)
        stand.write(folder, "output", "before=kept\n")
        stand.write(folder, "summary", "before\n")
        wanted = [word for kind in KINDS for word in ("-o", f"{kind}=o.{kind}")]
        spate = os.path.abspath(os.path.join(options.here, options.spate))
        done = subprocess.run(
            [spate, "run", "received.yaml", "--out-dir", "d", *wanted], capture_output=True, text=True,
            env={**os.environ, "GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary",
                 "GITHUB_WORKSPACE": folder}, check=False)
        # 95 outranks 99: one rule has nothing to be judged by.
        same(check, "spate's exit status", done.returncode, 95)
        if not os.path.exists("o.json"):
            sys.exit(done.stderr)
        report = json.loads(text("o.json"))
        for part in (junit, openmetrics, k6_summary, benchmarks, k6_points, tables, histograms, github):
            part(check, folder, report)
        for kind in KINDS:
            again = subprocess.run([spate, "report", "d", "-o", f"{kind}=again"], capture_output=True, check=False)
            if kind != "github":
                # Where the scenario lies only the run knew.
                check.row(f"spate report -o {kind}", again.returncode, "the same bytes",
                          again.returncode == 0 and text("again") == text(f"o.{kind}"))
            if kind not in ("github", "attempts"):
                printed = subprocess.run([spate, "report", "d", "-o", f"{kind}=-"], capture_output=True, check=False)
                check.row(f"spate report -o {kind}=-", printed.returncode, "the same bytes",
                          printed.stdout.decode() == text(f"o.{kind}"))
    return check


if __name__ == "__main__":
    here = os.getcwd()
    parser = stand.arguments(__doc__)
    parser.set_defaults(here=here)
    if "SPATE_READERS" in os.environ:
        stand.alone(run, parser)
    parser.parse_args()
    with stand.folder() as environment:
        sys.exit(readers(environment))
