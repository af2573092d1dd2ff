"""How each load generator is told to do a task."""
import os
import shutil
import tempfile

from . import claims

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(HERE, "bin")
CONTENT = "application/octet-stream"


class Generator:
    """A load generator: where it is, what it can do and how it is called."""

    def __init__(self, name, program, command, claim=None, can=lambda task: True, environment=None):
        self.name = name
        self.program = program
        self._command = command
        self._environment = environment or (lambda task: {})
        self.claim = claim or (lambda text: None)
        self.can = can

    def path(self):
        """Where the program is; none when it is not here."""
        return shutil.which(self.program) if self.program else None

    def command(self, task):
        return [self.path(), *(str(word) for word in self._command(task))]

    def environment(self, task):
        return self._environment(task)


def _spate_hit(task):
    words = ["hit", task.url, "-c", task.clients, "--json"]
    words += ["-n", task.requests] if task.requests else ["-z", f"{task.whole_seconds}s"]
    if task.rate:
        words += ["-q", task.rate]
    if task.body:
        words += ["-m", "POST", "-H", f"Content-Type: {CONTENT}", "-D", task.body]
    if task.tls:
        words += ["--insecure"]
    if task.streams > 1:
        words += ["--streams", task.streams]
    return words + sorted(newer_flags(task))


def newer_flags(task):
    """Switches of `spate hit` that not every build has."""
    flags = {"--http2"} if task.http2 else {"--http1.1"} if task.tls else set()
    return flags | ({"--no-keepalive"} if task.fresh else set())


_SCENARIO = """version: 1
name: bench
target: "{url}"
scenarios:
  bench:
    executor: constant-arrival-rate
    rate: {rate}/s
    duration: {seconds}s
    maxInFlight: 4000
    flow:
      - get:
          url: "{url}"
"""


def _spate_run(task):
    folder = tempfile.mkdtemp(prefix="run-", dir=BIN)
    path = os.path.join(folder, "scenario.yaml")
    with open(path, "w", encoding="ascii") as file:
        file.write(_SCENARIO.format(
            url=task.url, rate=task.rate, seconds=task.whole_seconds))
    return ["run", path, "--out-dir", os.path.join(folder, "report"), "--live", "off", "--quiet"]


def _floor(task):
    """A body comes from memory (the 1): plain C without any work for it."""
    words = [task.url, task.clients, 3600 if task.requests else task.seconds]
    return words + ([os.path.getsize(task.body), "1"] if task.body else [])


def _floor_file_environment(task):
    return {**_floor_environment(task), "FILE": task.body}


def _floor_environment(task):
    values = {"SHARE": "1"}
    if task.requests:
        values["REQUESTS"] = str(task.requests)
    if task.tls:
        values["INSECURE"] = "1"
    if task.http2:
        values["HTTP2"] = "1"
    if task.fresh:
        values["FRESH"] = "1"
    return values


def _wrk(task):
    words = ["-t1", f"-c{task.clients}", f"-d{task.whole_seconds}s", "--timeout", "30s"]
    return words + (["-s", os.path.join(HERE, "upload.lua")] if task.body else []) + [task.url]


def _hey(task):
    words = ["-c", task.clients, "-cpus", "1", "-t", "60"]
    # hey sends a multiple of its clients.
    words += ["-n", task.requests // task.clients * task.clients] if task.requests else ["-z", f"{task.whole_seconds}s"]
    if task.rate:
        words += ["-q", task.rate / task.clients]
    if task.body:
        words += ["-m", "POST", "-T", CONTENT, "-D", task.body]
    words += ["-disable-keepalive"] if task.fresh else []
    return words + (["-h2"] if task.http2 else []) + [task.url]


def _h2load(task):
    words = ["-t1", f"-c{task.clients}", f"-m{task.streams}"] + ([] if task.http2 else ["--h1"])
    words += ["-n", task.requests] if task.requests else ["-D", task.whole_seconds]
    return words + (["-d", task.body] if task.body else []) + [task.url]


def _ab(task):
    # -t alone means at most 50,000 requests.
    words = ["-k", "-q", "-l", "-c", task.clients]
    words += ["-n", task.requests] if task.requests else ["-t", task.whole_seconds, "-n", 100_000_000]
    return words + (["-p", task.body, "-T", CONTENT] if task.body else []) + [task.url]


def _siege(task):
    return ["-R", os.path.join(HERE, "siege.conf"), "-b", "-c", task.clients, "-t", f"{task.whole_seconds}S", task.url]


def _locust(task):
    # Its clock starts before its clients do, and starting takes it seconds of CPU: a longer run, so that they weigh less.
    seconds = 2 * task.whole_seconds + 4
    return ["-f", os.path.join(HERE, "locustfile.py"), "--headless", "-u", task.clients, "-r", task.clients,
            "-t", f"{seconds}s", "--host", task.url.rstrip("/"), "--json", "--loglevel", "ERROR"]


def _oha(task):
    words = ["--no-tui", "--insecure", "-c", task.clients, "-z", f"{task.whole_seconds}s"]
    return words + (["-m", "POST", "-T", CONTENT, "-D", task.body] if task.body else []) + [task.url]


def _vegeta(task):
    # A shell, because vegeta reads its target from standard input or a file, and writes every result out.
    target = f"{'POST' if task.body else 'GET'} {task.url}"
    words = ["attack", "-insecure", f"-duration={task.whole_seconds}s", "-output=/dev/null", "-rate=0",
             f"-max-workers={task.clients}", f"-workers={task.clients}"]
    if task.body:
        words.append(f"-body={task.body}")
    path = os.path.join(BIN, "vegeta-target")
    with open(path, "w", encoding="ascii") as file:
        file.write(target + "\n")
    return words + [f"-targets={path}"]


def _plain(task):
    return not (task.http2 or task.rate or task.requests or task.fresh)


def all_generators(spate):
    """Every generator known, in the order of the tables; which are here is asked of each."""
    return {generator.name: generator for generator in [
        Generator("floor", os.path.join(BIN, "floor"), _floor, claims.of_floor,
                  lambda task: not task.rate and task.streams == 1, _floor_environment),
        Generator("floor-file", os.path.join(BIN, "floor"), _floor, claims.of_floor,
                  lambda task: bool(task.body) and not task.rate, _floor_file_environment),
        Generator("spate", spate, _spate_hit, claims.of_spate_hit),
        Generator("spate-run", spate, _spate_run, None, lambda task: bool(task.rate)),
        Generator("wrk", "wrk", _wrk, claims.of_wrk, _plain,
                  lambda task: {"BODY": task.body} if task.body else {}),
        Generator("hey", "hey", _hey, claims.of_hey, lambda task: task.streams == 1),
        Generator("h2load", "h2load", _h2load, claims.of_h2load, lambda task: not task.rate),
        Generator("ab", "ab", _ab, claims.of_ab,
                  lambda task: not (task.http2 or task.rate) and task.clients <= 1000),
        Generator("siege", "siege", _siege, claims.of_siege,
                  lambda task: _plain(task) and not task.body and task.clients <= 255,
                  lambda task: {"HOME": os.path.join(BIN, "home")}),
        Generator("locust", os.path.join(BIN, "venv", "bin", "locust"), _locust, claims.of_locust,
                  lambda task: _plain(task) and not task.body and not task.tls and task.clients <= 1000),
        Generator("k6", "k6", lambda task: [
            "run", "--quiet", "--no-usage-report", "--vus", task.clients, "--duration", f"{task.whole_seconds}s",
            os.path.join(HERE, "k6.js")], claims.of_k6, _plain,
            lambda task: {"URL": task.url, "BODY": task.body, "GOMAXPROCS": "1"}),
        Generator("oha", "oha", _oha, None, _plain),
        Generator("vegeta", "vegeta", _vegeta, None, _plain, lambda task: {"GOMAXPROCS": "1"}),
    ]}
