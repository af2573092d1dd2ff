#!/usr/bin/env python3
"""Four real outages on servers that Spate was not tuned for: what does it say, and is it right?

gunicorn's sync workers overloaded, Debian's nginx with limit_req, nginx before an upstream that turns slow, and a service
on PostgreSQL with a pool of five. Each is run once, as its owner would run it, and explained with the server's samples
and without them. Right or wrong, the answer is printed with its evidence, and with what explaining took.

    Benchmarks/foreign_outages.py                       all four, some five minutes
    Benchmarks/foreign_outages.py --only gunicorn,pool  some of them
    Benchmarks/foreign_outages.py --keep FOLDER         keeps the runs there
    Benchmarks/foreign_outages.py --large               a two-minute run at 2,000/s: time and memory of its explanation
"""
import contextlib
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{HERE}/trust")
import stand  # noqa: E402

VENV = f"{stand.ROOT}/Benchmarks/bin/venv-outages"
PACKAGES = ["gunicorn", "psycopg[binary]", "psycopg-pool"]
# Good, degraded and invalid runs are explained alike.
EXPECTED = (0, 95, 97, 99)

SLEEPS = '''
import random, time
def app(environ, start):
    time.sleep(random.uniform(0.05, 0.2))
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"done\\n"]
'''
# Slow as soon as somebody puts the file "slow" beside it.
TURNS = '''
import os, time
def app(environ, start):
    time.sleep(5 if os.path.exists("slow") else 0.03)
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"done\\n"]
'''
POOL = '''
import http.server, os, threading
from psycopg_pool import ConnectionPool
pool = ConnectionPool(os.environ["DATABASE"], min_size=5, max_size=5, open=True)

def app(environ, start):
    with pool.connection() as connection:
        connection.execute("select pg_sleep(0.06)")
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"done\\n"]

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        told = pool.get_stats()
        body = "pool_max %d\\npool_busy %d\\npool_waiting %d\\n" % (
            told["pool_max"], told["pool_size"] - told["pool_available"], told["requests_waiting"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())
    def log_message(self, *words):
        pass

page = http.server.HTTPServer(("127.0.0.1", int(os.environ["PAGE"])), Page)
threading.Thread(target=page.serve_forever, daemon=True).start()
'''
NGINX = """daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log crit;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    limit_req_zone $binary_remote_addr zone=people:1m rate=20r/s;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            {location}
        }}
    }}
}}
"""
SCENARIO = """version: 1
name: {name}
target: {url}
http: {{ timeout: {timeout}s, connectTimeout: {timeout}s }}
probes:
  process: {{ port: {port} }}
  host: true
{page}scenarios:
  visitors:
    class: genuine
    executor: ramping-arrival-rate
    startRate: {quiet}/s
    arrivals: poisson
    maxInFlight: 4000
    gracefulStop: {grace}s
    stages:
      - {{ duration: 20s, target: {quiet}/s }}
      - {{ duration: 15s, target: {peak}/s }}
      - {{ duration: 35s, target: {peak}/s }}
    flow:
      - get: {{ url: /, name: GET page, expect: {{ status: 200 }} }}
"""
PAGE = """  prometheus:
    url: http://127.0.0.1:{page}/metrics
    metrics:
      pool_max: app.db_pool_max
      pool_busy: app.db_pool_busy
      pool_waiting: app.db_pool_waiting
"""


def environment():
    """The servers' virtual environment; ends with one sentence where it cannot be had."""
    if os.path.exists(f"{VENV}/made"):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    for command in ([sys.executable, "-m", "venv", VENV],
                    [f"{VENV}/bin/pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]):
        made = subprocess.run(command, capture_output=True, text=True)
        if made.returncode:
            sys.exit(f"the servers cannot be installed from PyPI: {made.stderr.strip()[-300:]}")
    stand.write(VENV, "made", "")


@contextlib.contextmanager
def gunicorn(folder, source, port, *words, **settings):
    """A WSGI application under gunicorn, in a folder of its own."""
    stand.write(folder, "service.py", source)
    process = subprocess.Popen(
        [f"{VENV}/bin/gunicorn", "service:app", "--bind", f"127.0.0.1:{port}", "--log-level", "error", *words],
        cwd=folder, env={**os.environ, **settings})
    with ended(process, port):
        yield


@contextlib.contextmanager
def nginx(folder, port, location):
    """Debian's nginx with one location."""
    os.chmod(folder, 0o755)
    stand.write(folder, "nginx.conf", NGINX.format(folder=folder, port=port, location=location))
    stand.write(folder, "index.html", "done\n")
    process = subprocess.Popen(["nginx", "-p", folder, "-e", f"{folder}/nginx.log", "-c", f"{folder}/nginx.conf"])
    with ended(process, port):
        yield


@contextlib.contextmanager
def ended(process, port):
    """Waits until somebody listens, and ends the process whatever happens."""
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError), contextlib.closing(
                    stand.socket.create_connection(("127.0.0.1", port), 1)):
                break
            time.sleep(0.05)
        else:
            sys.exit(f"nothing listens on port {port}: {process.args[0]}")
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def postgres(folder):
    """A cluster of its own, as Debian's postgresql makes it; yields how to reach it."""
    versions = "/usr/lib/postgresql"
    newest = max(os.listdir(versions), key=int) if os.path.isdir(versions) else sys.exit("postgresql is not installed")
    data, port, user = f"{folder}/cluster", stand.free_port(), {}
    os.makedirs(data)
    if os.getuid() == 0:
        # It refuses to run as root.
        owner = pwd.getpwnam("postgres")
        os.chmod(folder, 0o755)
        os.chown(data, owner.pw_uid, owner.pw_gid)
        user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    programs = f"{versions}/{newest}/bin"
    subprocess.run([f"{programs}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N"], check=True,
                   stdout=subprocess.DEVNULL, cwd="/", **user)
    process = subprocess.Popen(
        [f"{programs}/postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", data],
        stderr=subprocess.DEVNULL, cwd="/", **user)
    with ended(process, port):
        yield f"host=127.0.0.1 port={port} user=postgres dbname=postgres"


class Outage:
    """A server that is up and the load that it will not bear."""

    def __init__(self, truth, url, quiet, peak, timeout=5, page="", after=None):
        self.truth, self.url, self.quiet, self.peak = truth, url, quiet, peak
        self.timeout, self.page = timeout, page
        # What goes wrong by itself, and the second at which it does.
        self.after = after

    def scenario(self, name):
        return SCENARIO.format(
            name=name, url=self.url, port=self.url.rsplit(":", 1)[1], page=self.page, quiet=self.quiet, peak=self.peak,
            timeout=self.timeout, grace=self.timeout + 1)


@contextlib.contextmanager
def workers(folder):
    """32 a second is what four workers do at 125 ms."""
    port = stand.free_port()
    with gunicorn(folder, SLEEPS, port, "--workers", "4"):
        yield Outage("M02", f"http://127.0.0.1:{port}", 8, 80)


@contextlib.contextmanager
def limited(folder):
    port = stand.free_port()
    with nginx(folder, port, f"limit_req zone=people burst=10 nodelay; root {folder}; index index.html;"):
        # Below 10 a second, 20 s do not have the 200 answers of a baseline.
        yield Outage("M12", f"http://127.0.0.1:{port}", 12, 80)


@contextlib.contextmanager
def upstream(folder):
    port, behind = stand.free_port(), stand.free_port()
    with gunicorn(folder, TURNS, behind, "--threads", "200"), nginx(
            folder, port, f"proxy_pass http://127.0.0.1:{behind}; proxy_read_timeout 2s;"):
        yield Outage("M16", f"http://127.0.0.1:{port}", 15, 15, timeout=10,
                     after=(30, lambda: stand.write(folder, "slow", "")))


@contextlib.contextmanager
def pool(folder):
    """83 a second is what five connections do at 60 ms."""
    port, page = stand.free_port(), stand.free_port()
    with postgres(folder) as database, gunicorn(
            folder, POOL, port, "--threads", "100", DATABASE=database, PAGE=str(page)):
        yield Outage("M14", f"http://127.0.0.1:{port}", 20, 180, page=PAGE.format(page=page))


OUTAGES = {"gunicorn": workers, "limit_req": limited, "upstream": upstream, "pool": pool}


def explain(options, folder, *words):
    """Explains a run: its report, its text, seconds and megabytes."""
    before = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [os.path.abspath(options.spate), "explain", folder, "--json", *words], stdout=output)
        # wait4 tells this process's own peak, where getrusage tells the largest of all.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - before
        output.seek(0)
        text = output.read()
    if process.returncode not in EXPECTED:
        sys.exit(f"spate explain {folder} exited {process.returncode}")
    return json.loads(text), seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def play(name, options, folder):
    """Runs an outage once and says what became of its explanations."""
    with OUTAGES[name](folder) as outage:
        stand.write(folder, "scenario.yaml", outage.scenario(f"Foreign {name}"))
        timer = None
        process = subprocess.Popen(
            [os.path.abspath(options.spate), "run", "scenario.yaml", "--out-dir", "out", "-q", "-o", "attempts"],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if outage.after:
            timer = threading.Timer(*outage.after)
            timer.start()
        try:
            _, errors = process.communicate(timeout=180)
        finally:
            if timer:
                timer.cancel()
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode not in EXPECTED:
            sys.exit(f"spate run for {name} exited {process.returncode}: {errors}")
    print(f"\n## {name}: truth {outage.truth}; load average {os.getloadavg()[0]:.1f}", flush=True)
    return [answer(outage.truth, mode, explain(options, f"{folder}/out", *words))
            for mode, words in (("with samples", ()), ("clients only", ("--client-only",)))]


def answer(truth, mode, explained):
    """Prints an explanation; returns whether its first place is the truth."""
    report, seconds, busy, megabytes = explained
    verdict = report["verdict"]
    rivals = [each for each in report["hypotheses"] if each["posterior"] is not None]
    ranked = sorted(rivals, key=lambda each: (-each["posterior"], each["id"]))[:3]
    first = ranked[0]["id"] if ranked else None
    word = "right" if first == truth else "wrong"
    if verdict["grade"] not in ("CAUSE", "LEADING") or not verdict["mechanism"]:
        word += ", not claimed"
    print(f"\n{mode}: {verdict['grade']} {verdict['mechanism'] or verdict['family'] or '-'}; first place {word}")
    print("  top three: " + ", ".join(f"{each['id']} {each['posterior']:.3f}" for each in ranked))
    print(f"  {verdict['sentence']}")
    for each in report["evidence"]:
        if each.get("outcome", "fired") == "fired":
            print(f"  {each['id']} {each['test']}: {json.dumps(each['statistic'])} {json.dumps(each['weight'])}")
    print(f"  explained in {seconds:.2f} s ({busy:.2f} s of processor), {megabytes:.0f} MB", flush=True)
    return first == truth


def large(options, folder):
    """How long a two-minute run at 2,000 a second takes to be explained, and how much memory."""
    with stand.sink() as (_, url):
        stand.write(folder, "large.yaml", stand.open_scenario("Large", url, options.rate, 120))
        words = [os.path.abspath(options.spate), "run", "large.yaml", "--out-dir", "out", "-q"]
        ran = subprocess.run(words + (["-o", "attempts"] if options.attempts else []), cwd=folder, capture_output=True,
                             text=True)
        if ran.returncode not in EXPECTED:
            sys.exit(f"spate run exited {ran.returncode}: {ran.stderr}")
    report, seconds, busy, megabytes = explain(options, f"{folder}/out")
    good = seconds < 2 and megabytes < 200
    print(f"{report['totals']['attempts']:,} attempts explained in {seconds:.2f} s ({busy:.2f} s of processor), "
          f"{megabytes:.0f} MB (allowed: 2 s, 200 MB): {'ok' if good else 'FAIL'}; "
          f"load average {os.getloadavg()[0]:.1f}")
    return good


def main():
    parser = stand.arguments(__doc__, only=",".join(OUTAGES), keep="", rate=2000)
    parser.add_argument("--large", action="store_true", help="measures the explanation of a large run instead")
    parser.add_argument("--attempts", action="store_true", help="with --large: lists every attempt")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        if options.keep:
            os.makedirs(options.keep, exist_ok=True)
            top = os.path.abspath(options.keep)
        else:
            top = stack.enter_context(stand.folder())
            os.chmod(top, 0o755)
        if options.large:
            sys.exit(0 if large(options, top) else 1)
        names = options.only.split(",")
        unknown = [name for name in names if name not in OUTAGES]
        if unknown:
            sys.exit(f"no outage is called {unknown[0]}; there are {', '.join(OUTAGES)}")
        environment()
        right = []
        for name in names:
            folder = f"{top}/{name}"
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            right.append(play(name, options, folder))
    print(f"\nfirst place right: {sum(each[0] for each in right)} of {len(right)} with samples, "
          f"{sum(each[1] for each in right)} of {len(right)} from the clients' side")


if __name__ == "__main__":
    main()
