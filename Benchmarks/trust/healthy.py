#!/usr/bin/env python3
"""Thirty healthy runs of different kinds, up to 60 % of what this machine can do: none is invalid.

A verdict that doubts the generator must be silent when there is nothing to doubt. The rate that
the machine can do is measured for each kind first: what a closed loop reaches, then less and less
in an open loop until one holds (a closed loop sends in bursts, which cost server and generator
about half), and a run asks for a share of that.
Prints a table; exits 1 when a run was called invalid. Suspect is shown and allowed: a neighbour on
the machine is reason enough for it. Needs gcc, nginx and openssl; takes about ten minutes.

    Benchmarks/trust/healthy.py                 all of them
    Benchmarks/trust/healthy.py --only tls,run  those whose name has one of these words
    SPATE_BIN=.build/debug Benchmarks/trust/healthy.py
"""
import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BIN = os.path.abspath(os.environ.get("SPATE_BIN", f"{ROOT}/.build/release"))
SPATE = f"{BIN}/spate"
SECONDS = 10


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(250):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit(f"nothing listens on port {port}")


class Servers:
    """sink.c, nginx with and without TLS, and a listener that never answers."""

    def __init__(self, folder):
        self.folder = folder
        self.started = []
        self.sink, self.nginx, self.tls, self.mute = (free_port() for _ in range(4))
        self.closed = free_port()
        os.makedirs(f"{ROOT}/Benchmarks/bin", exist_ok=True)
        sink = f"{folder}/sink"
        subprocess.run(["gcc", "-O2", f"{ROOT}/Benchmarks/sink.c", "-o", sink], check=True)
        self.started.append(subprocess.Popen([sink, str(self.sink)]))
        self.start_nginx()
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", self.mute))
        self.listener.listen(4096)
        for port in (self.sink, self.nginx, self.tls):
            wait_for(port)

    def start_nginx(self):
        folder = self.folder
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
            check=True, capture_output=True)
        os.makedirs(f"{folder}/www", exist_ok=True)
        for name, size in (("small", 200), ("large", 100_000)):
            with open(f"{folder}/www/{name}", "wb") as file:
                file.write(os.urandom(size))
        os.chmod(folder, 0o755)
        places = """
            root %s/www;
            location = /busy { return 503; }
            location = /slow { limit_rate 60k; try_files /large =404; }
        """ % folder
        with open(f"{folder}/nginx.conf", "w") as file:
            file.write(f"""
                worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
                events {{ worker_connections 8192; }}
                http {{ access_log off; keepalive_requests 1000000;
                    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
                    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
                    scgi_temp_path {folder}/s;
                    server {{ listen 127.0.0.1:{self.nginx}; {places} }}
                    server {{ listen 127.0.0.1:{self.tls} ssl; ssl_certificate {folder}/cert.pem;
                        ssl_certificate_key {folder}/key.pem; {places} }}
                }}""")
        self.started.append(
            subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL))

    def stop(self):
        self.listener.close()
        for process in self.started:
            process.send_signal(signal.SIGTERM)
        for process in self.started:
            process.wait()


class Healthy:
    """The cases: each a function of a folder that returns (state, what to show)."""

    def __init__(self, servers, folder):
        self.servers = servers
        self.folder = folder
        self.capacities = {}
        self.bodies = {}
        for name, size in (("64k", 65_536), ("1m", 1 << 20)):
            self.bodies[name] = f"{folder}/body-{name}"
            with open(self.bodies[name], "wb") as file:
                file.write(os.urandom(size))

    def hit(self, arguments, seconds=SECONDS):
        done = subprocess.run(
            [SPATE, "hit", *arguments, "-z", f"{seconds}s", "--json"],
            capture_output=True, text=True, cwd=self.folder)
        if done.returncode not in (0, 95):
            sys.exit(f"spate hit {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
        return done.returncode, json.loads(done.stdout)

    def capacity(self, kind, arguments):
        """Requests per second that an open loop of this kind of request can hold here."""
        if kind not in self.capacities:
            _, result = self.hit([*arguments, "-c", "32"], seconds=2)
            rate = max(1.0, result["requests_per_second"])
            while self.at(arguments, rate, seconds=4)[0] == 95:
                rate *= 0.85
            self.capacities[kind] = rate
        return self.capacities[kind]

    def at(self, arguments, rate, *more, seconds=SECONDS):
        # Clients enough for a stall of half a second: too few of them drop arrivals, and
        # that is no health.
        clients = int(min(8000, max(64, rate / 2)))
        return self.hit(
            [*arguments, "-q", f"{rate:.1f}", "-c", str(clients), *more], seconds=seconds)

    def open(self, kind, arguments, share, *more):
        capacity = self.capacity(kind, arguments)
        code, result = self.at(arguments, capacity * share, *more)
        return self.judged(code, result, f"{capacity * share:.0f} of {capacity:.0f}/s")

    def closed(self, arguments):
        code, result = self.hit(arguments)
        return self.judged(code, result, f"{result['requests_per_second']:.0f}/s")

    @staticmethod
    def judged(code, result, rate):
        limit = result.get("limit")
        text = f"{rate}, {result['cpu_seconds'] / result['duration']:.2f} cores"
        if limit:
            text += f"; {limit['resource']}: {limit['detail']}"
        return ("INVALID" if code == 95 else "ok"), text

    def run(self, scenario, *more):
        """Plays a scenario: a file of scenarios/, or the text of one."""
        out = tempfile.mkdtemp(dir=self.folder)
        path = scenario
        if "\n" in scenario:
            path = f"{out}.yaml"
            with open(path, "w") as file:
                file.write(scenario)
        done = subprocess.run(
            [SPATE, "run", path, "--out-dir", out, "-q", *more], capture_output=True, text=True,
            cwd=ROOT, env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"})
        try:
            with open(f"{out}/report.json") as file:
                report = json.load(file)
        except OSError:
            sys.exit(f"{path}: exit {done.returncode}\n{done.stderr}")
        validity = report["validity"]
        failed = [gate for gate in validity["gates"] if gate["state"] == "failed"]
        text = f"{report['totals']['intents']} intents"
        for gate in failed:
            text += f"; {gate['id']} {gate['detail']}"
        return {"valid": "ok", "invalid": "INVALID"}.get(validity["state"], "suspect"), text

    def scenario(self, population, target=None, extra=""):
        target = target or f"http://127.0.0.1:{self.servers.sink}"
        return f"version: 1\ntarget: {target}\n{extra}scenarios:\n  people:\n" + "".join(
            f"    {line}\n" for line in population.strip().splitlines())

    def cases(self):
        servers = self.servers
        sink = [f"http://127.0.0.1:{servers.sink}/"]
        nginx = f"http://127.0.0.1:{servers.nginx}"
        tls = f"https://127.0.0.1:{servers.tls}"
        fresh = ["--no-keepalive", "--source", "127.0.0.2-127.0.0.9"]
        up = {name: [*sink, "-D", path] for name, path in self.bodies.items()}
        intake = "{ intake: { workers: 8, serviceTime: 20ms } }"
        flow = "flow: [ { get: / } ]"
        yield "small 10 %", lambda: self.open("small", sink, 0.1)
        yield "small 30 %", lambda: self.open("small", sink, 0.3)
        yield "small 45 %", lambda: self.open("small", sink, 0.45)
        yield "small 60 %", lambda: self.open("small", sink, 0.6)
        yield "small 60 % two lanes", lambda: self.open(
            "small", sink, 0.6, "--lanes", "2")
        yield "small 5/s", lambda: self.judged(*self.hit([*sink, "-q", "5", "-c", "4"]), "5/s")
        yield "fresh connections 20 %", lambda: self.open("fresh", [*sink, *fresh], 0.2)
        yield "fresh connections 60 %", lambda: self.open("fresh", [*sink, *fresh], 0.6)
        yield "upload 64 kB 30 %", lambda: self.open("64k", up["64k"], 0.3)
        yield "upload 64 kB 60 %", lambda: self.open("64k", up["64k"], 0.6)
        yield "upload 1 MB 30 %", lambda: self.open("1m", up["1m"], 0.3)
        yield "upload 1 MB 60 %", lambda: self.open("1m", up["1m"], 0.6)
        yield "nginx small 60 %", lambda: self.open("nginx", [f"{nginx}/small"], 0.6)
        yield "nginx 100 kB 50 %", lambda: self.open("large", [f"{nginx}/large"], 0.5)
        yield "tls small 50 %", lambda: self.open("tls", [f"{tls}/small", "-k"], 0.5)
        yield "tls fresh connections 40 %", lambda: self.open(
            "tls fresh", [f"{tls}/small", "-k", *fresh], 0.4)
        yield "errors 503 50 %", lambda: self.open("503", [f"{nginx}/busy"], 0.5)
        yield "slow server, closed loop", lambda: self.closed([f"{nginx}/slow", "-c", "40"])
        yield "server that never answers", lambda: self.closed(
            [f"http://127.0.0.1:{servers.mute}/", "-c", "20", "-t", "1s"])
        yield "nothing listens, 200/s", lambda: self.judged(
            *self.hit([f"http://127.0.0.1:{servers.closed}/", "-q", "200", "-c", "20"]), "200/s")
        yield "closed loop, 4 clients, slow", lambda: self.closed([f"{nginx}/slow", "-c", "4"])
        yield "run constant arrivals", lambda: self.run(self.scenario(
            f"executor: constant-arrival-rate\nrate: 300/s\nduration: 12s\n{flow}"))
        yield "run poisson arrivals, three steps", lambda: self.run(self.scenario(
            "executor: constant-arrival-rate\nrate: 60/s\nduration: 12s\narrivals: poisson\n"
            "flow: [ { get: / }, { think: 200ms }, { get: /b }, { think: 100ms }, { get: /c } ]"))
        yield "run ramping arrivals", lambda: self.run(self.scenario(
            "executor: ramping-arrival-rate\nstartRate: 20/s\nstages:\n"
            f"  - {{ duration: 6s, target: 400/s }}\n  - {{ duration: 6s, target: 20/s }}\n{flow}"))
        yield "run constant clients", lambda: self.run(self.scenario(
            "executor: constant-vus\nvus: 100\nduration: 12s\n"
            "flow: [ { get: / }, { think: 500ms } ]"))
        yield "run ramping clients", lambda: self.run(self.scenario(
            "executor: ramping-vus\nstartVUs: 1\nstages:\n"
            "  - { duration: 6s, target: 150 }\n  - { duration: 6s, target: 10 }\n"
            "gracefulRampDown: 2s\nflow: [ { get: / }, { think: 400ms } ]"))
        yield "run fresh connections", lambda: self.run(self.scenario(
            f"executor: constant-arrival-rate\nrate: 150/s\nduration: 12s\n{flow}",
            extra="http: { reuseConnections: false }\n"))
        yield "run overloaded intake", lambda: self.run(self.scenario(
            "executor: ramping-arrival-rate\nstartRate: 20/s\nstages:\n"
            "  - { duration: 12s, target: 300/s }\nmaxInFlight: 20000\n"
            "flow: [ { get: /healthz }, { post: { url: /v1/tips, json: { text: hello } } } ]", target=intake,
            extra="http: { timeout: 3s }\n"))
        yield "run quiet sunday in 12 s", lambda: self.run(
            "scenarios/quiet-sunday.yaml", "--time-scale", "12s")
        yield "run viral flood, small, in 15 s", lambda: self.run(
            "scenarios/viral-flood.yaml", "--time-scale", "15s", "--rate-factor", "0.3")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="words, separated by commas")
    words = [word for word in parser.parse_args().only.split(",") if word]
    with tempfile.TemporaryDirectory(prefix="spate-healthy-") as folder:
        servers = Servers(folder)
        counts = {"ok": 0, "suspect": 0, "INVALID": 0}
        try:
            for name, case in Healthy(servers, folder).cases():
                if words and not any(word in name for word in words):
                    continue
                began = time.monotonic()
                state, text = case()
                counts[state] += 1
                took = time.monotonic() - began
                load = os.getloadavg()[0]
                print(f"{name:36} {state:8} {took:5.1f} s  load {load:4.1f}  {text}", flush=True)
        finally:
            servers.stop()
    total = sum(counts.values())
    print(f"\n{total} healthy runs: {counts['ok']} valid, {counts['suspect']} suspect,"
          f" {counts['INVALID']} invalid")
    sys.exit(1 if counts["INVALID"] else 0)


if __name__ == "__main__":
    main()
