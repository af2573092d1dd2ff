#!/usr/bin/env python3
"""Do real receivers take what Spate sends, and do their sums equal the report's?

Plays one short run against the bundled intake and sends it at the same time to
- a Prometheus of Debian's by remote write, which also scrapes /metrics of the same run,
- an InfluxDB of Debian's by line protocol,
- a receiver that decodes OTLP/HTTP JSON with PyPI's opentelemetry-proto, strictly.
Sums of each are compared with report.json. Programs that are not installed are fetched with
`apt-get download` and unpacked beside each other, not installed; opentelemetry-proto goes into a
virtual environment. Everything stays on loopback and is removed at the end.

    Benchmarks/telemetry/check.py --spate .build/release/spate
"""
import contextlib
import glob
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{os.path.dirname(HERE)}/trust")
import stand  # noqa: E402

SCENARIO = """version: 1
name: Received
target: { intake: { workers: 4, serviceTime: 2ms, queue: 8 } }
http: { tracing: true }
scenarios:
  people:
    executor: ramping-arrival-rate
    startRate: 20/s
    stages: [ { duration: 4s, target: 60/s }, { duration: 4s, target: 60/s } ]
    flow: [ { post: { url: /v1/tips, multipart: { text: a tip } } } ]
  visitors:
    class: noise
    executor: constant-arrival-rate
    rate: 10/s
    duration: 8s
    flow: [ { get: /nothing } ]
"""


def program(name, package, folder):
    """The path of a program: installed, or unpacked from its Debian package."""
    found = shutil.which(name)
    if found:
        return found
    os.makedirs(f"{folder}/debian", exist_ok=True)
    subprocess.run(["apt-get", "download", "-q", package], cwd=f"{folder}/debian", check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for archive in glob.glob(f"{folder}/debian/{package}_*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, f"{folder}/debian/root"], check=True)
    return f"{folder}/debian/root/usr/bin/{name}"


def decoder(folder):
    """A Python that has opentelemetry-proto."""
    environment = f"{folder}/venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run([f"{environment}/bin/pip", "install", "-q", "opentelemetry-proto"], check=True)
    return f"{environment}/bin/python"


DECODE = """
import json, sys
from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
sums, points, gauges = {}, 0, 0
for line in open(sys.argv[1]):
    request = json_format.Parse(json.loads(line), ExportMetricsServiceRequest())
    for resource in request.resource_metrics:
        names = {a.key: a.value.string_value for a in resource.resource.attributes}
        assert names["service.name"] == "spate", names
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.sum.data_points:
                    assert metric.sum.is_monotonic and metric.sum.aggregation_temporality == 2
                    assert point.time_unix_nano > point.start_time_unix_nano > 10**18
                    labels = tuple(sorted((a.key, a.value.string_value) for a in point.attributes))
                    sums[metric.name, labels] = point.as_int
                    points += 1
                for point in metric.gauge.data_points:
                    assert point.HasField("as_double")
                    gauges += 1
totals = {}
for (name, labels), value in sums.items():
    totals[name] = totals.get(name, 0) + value
print(json.dumps({"totals": totals, "points": points, "gauges": gauges,
                  "scenarios": sorted({dict(l).get("scenario", "") for _, l in sums})}))
"""


@contextlib.contextmanager
def otlp(path):
    """Keeps the bodies posted to it, one a line; yields its URL."""
    lock = threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            good = self.path == "/v1/metrics" and self.headers["Content-Type"] == "application/json"
            with lock, open(path, "a") as file:
                file.write(json.dumps(body.decode()) + "\n")
            answer = b"{}"
            self.send_response(200 if good else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def get(url, data=None):
    with urllib.request.urlopen(url, data=data, timeout=10) as answer:
        return answer.read().decode()


@contextlib.contextmanager
def daemon(command, ready, folder, name):
    """A server of this check's, from its first answer to its end."""
    with open(f"{folder}/{name}.log", "w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(300):
            if process.poll() is not None:
                sys.exit(f"{name} ended: {open(f'{folder}/{name}.log').read()[-2000:]}")
            with contextlib.suppress(OSError):
                get(ready)
                break
            time.sleep(0.1)
        else:
            sys.exit(f"{name} does not answer")
        yield
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def prometheus(folder, scraped):
    port = stand.free_port()
    stand.write(folder, "prometheus.yml", f"""global: {{ scrape_interval: 1s }}
scrape_configs:
  - job_name: scraped
    static_configs: [ {{ targets: [ "127.0.0.1:{scraped}" ] }} ]
""")
    url = f"http://127.0.0.1:{port}"
    command = [program("prometheus", "prometheus", folder), "--config.file=prometheus.yml",
               f"--storage.tsdb.path={folder}/tsdb", f"--web.listen-address=127.0.0.1:{port}",
               "--web.enable-remote-write-receiver"]
    with daemon(command, f"{url}/-/ready", folder, "prometheus"):
        yield url


@contextlib.contextmanager
def influx(folder):
    port, rpc = stand.free_port(), stand.free_port()
    stand.write(folder, "influxdb.conf", f"""bind-address = "127.0.0.1:{rpc}"
reporting-disabled = true
[meta]
  dir = "{folder}/influx/meta"
[data]
  dir = "{folder}/influx/data"
  wal-dir = "{folder}/influx/wal"
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
""")
    url = f"http://127.0.0.1:{port}"
    command = [program("influxd", "influxdb", folder), "-config", "influxdb.conf"]
    with daemon(command, f"{url}/ping", folder, "influxd"):
        get(f"{url}/query", data=urllib.parse.urlencode({"q": "CREATE DATABASE spate"}).encode())
        yield url


def vector(url, query):
    answer = json.loads(get(f"{url}/api/v1/query?" + urllib.parse.urlencode({"query": query})))
    return answer["data"]["result"]


def number(url, query):
    result = vector(url, query)
    return float(result[0]["value"][1]) if result else None


def last(url, measurement):
    """The sum over all series of a counter's last value in InfluxDB."""
    query = f'SELECT last("value") FROM "{measurement}" GROUP BY *'
    answer = json.loads(get(f"{url}/query?" + urllib.parse.urlencode({"db": "spate", "q": query})))
    return sum(series["values"][0][1] for series in answer["results"][0].get("series", []))


def wanted(report):
    """The report's sums by the metrics' names, without prefix of a form."""
    totals = report["totals"]
    return {
        ("k6", "http_reqs"): totals["attempts_completed"] + totals["attempts_failed"],
        ("k6", "iterations"): totals["intents"] - totals["dropped"],
        ("k6", "dropped_iterations"): totals["dropped"],
        ("k6", "data_sent"): totals["bytes_up"],
        ("k6", "data_received"): totals["bytes_down"],
        ("spate", "intents_offered"): totals["intents"],
        ("spate", "http_reqs_started"): totals["attempts"],
        ("spate", "intents"): totals["intents"],
    }


def same(check, where, name, got, want):
    check.row(f"{where}: {name}", got, want, got is not None and int(got) == want)


def run(options):
    check = stand.Check("Receivers take what is sent")
    with stand.folder() as folder, contextlib.ExitStack() as stack:
        python = decoder(folder)
        scraped = stand.free_port()
        metrics = stack.enter_context(prometheus(folder, scraped))
        lines = stack.enter_context(influx(folder))
        bodies = f"{folder}/otlp.ndjson"
        receiver = stack.enter_context(otlp(bodies))
        stand.write(folder, "received.yaml", SCENARIO)
        done = subprocess.run(
            [os.path.abspath(options.spate), "run", "received.yaml", "--out-dir", "out",
             "--telemetry", f"prometheus={metrics}", "--telemetry", f"influx={lines}",
             "--telemetry", f"otlp={receiver}", "--serve-metrics", str(scraped), "--linger", "4s"],
            cwd=folder, capture_output=True, text=True, check=False)
        check.row("spate's exit status", done.returncode, "0", done.returncode == 0)
        report = stand.report(f"{folder}/out")
        for export in report["telemetry"]:
            check.row(f"{export['kind']}: seconds sent, lost", f"{export['sent']}, {export['lost']}",
                      "lost 0", export["lost"] == 0 and export["sent"] >= 8)
        decoded = subprocess.run([python, "-c", DECODE, bodies], capture_output=True, text=True, check=False)
        check.row("OTLP decodes strictly", decoded.returncode, "0", decoded.returncode == 0)
        otlp_sums = json.loads(decoded.stdout)["totals"] if decoded.returncode == 0 else {}
        if decoded.returncode != 0:
            print(decoded.stderr)
        # The page has gone by now, and Prometheus has noted it: the last value before that counts.
        scrape = 'sum(last_over_time({}{{job="scraped"}}[5m]))'
        for (family, base), want in wanted(report).items():
            same(check, "OTLP", base, otlp_sums.get(f"{family}.{base}"), want)
            name = f"{family}_{base}_total"
            same(check, "remote write", base, number(metrics, f'sum({name}{{job=""}})'), want)
            same(check, "scraped", base, number(metrics, scrape.format(name)), want)
            same(check, "InfluxDB", base, last(lines, f"{family}_{base}"), want)
        seconds = report["telemetry"][0]["sent"]
        samples = number(metrics, 'max(count_over_time(k6_vus{job=""}[5m]))')
        check.row("remote write: samples of a series", samples, seconds, samples == seconds)
        names = vector(metrics, 'group by (__name__) ({__name__=~"(k6|spate)_.+",job=""})')
        check.row("remote write: names", len(names), "at least 60", len(names) >= 60)
        populations = vector(metrics, 'group by (scenario) (k6_vus{job=""})')
        check.row("remote write: labels", sorted(p["metric"]["scenario"] for p in populations), "both",
                  len(populations) == 2)
        print(f"names in Prometheus: {len(names)}; page of the report: {folder}/out")
    return check


if __name__ == "__main__":
    stand.alone(run, stand.arguments(__doc__))
