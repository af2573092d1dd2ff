"""What is measured: each case as a list of entries that take turns."""
import os
import shutil
import sys
import time
from dataclasses import dataclass, field

from . import instructions, stalled
from .generators import BIN, newer_flags
from .rounds import run_once, turns
from .servers import Nginx, Sink, nginx_path
from .workload import Workload

MEGABYTE = 1 << 20
MANY = 8000


@dataclass(frozen=True)
class Entry:
    """One row of a case: a generator, what it is called there and what it is asked to do."""

    generator: str
    workload: Workload
    label: str = ""

    @property
    def name(self):
        return self.label or self.generator


@dataclass(frozen=True)
class Case:
    """Entries that are compared round by round; `first` take turns side by side, `others` after them."""

    title: str
    first: list
    others: list = field(default_factory=list)
    tls: bool = False

    def entries(self):
        return list(self.first) + list(self.others)


@dataclass
class Bench:
    """What every case needs to know."""

    generators: dict
    rounds: int
    quick: bool
    target_core: int
    generator_core: int
    spate_flags: set

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    def is_here(self, name):
        generator = self.generators[name]
        return generator.path() is not None and os.path.exists(generator.path())

    def body(self, size, name):
        """A file to upload in Benchmarks/bin; random if it is small, sparse if not."""
        path = os.path.join(BIN, name)
        if not os.path.exists(path) or os.path.getsize(path) != size:
            with open(path, "wb") as file:
                if size <= 64 * MEGABYTE:
                    file.write(os.urandom(size))
                file.truncate(size)
        return path


def contests(bench):
    """The cases in which generators take turns, by name."""
    short, long = (2, 8) if bench.quick else (5, 20)
    small = Workload(clients=64, seconds=short)
    many = Workload(clients=MANY, seconds=long)
    upload = Workload(clients=64, seconds=short, body=bench.body(MEGABYTE, "upload-1MB"))
    tls = small.changed(tls=True)
    http2 = tls.changed(http2=True)
    rate = Workload(clients=100, seconds=2 * short, rate=5000)

    def each(names, workload):
        return [Entry(name, workload) for name in names]

    def both(name):
        return [Entry(name, many), Entry(name, small, f"{name}@64")]

    cases = {
        "small": Case("small requests, 64 clients", each(["floor", "spate", "hey"], small), each(
            ["wrk", "h2load", "ab", "siege", "locust", "k6", "oha", "vegeta"], small)),
        "clients8000": Case(
            "small requests, 8,000 clients", both("floor") + both("spate"),
            both("hey") + both("wrk") + both("h2load") + each(["k6", "oha", "vegeta"], many)),
        "upload": Case("1 MB uploads from a file, 64 clients", each(["floor", "spate", "hey"], upload), [
            Entry("floor-file", upload, "floor@file")] + each(["wrk", "h2load", "ab", "k6", "oha", "vegeta"], upload)),
        "tls": Case("small requests over TLS, HTTP/1.1, 64 clients, nginx", each(["floor", "spate"], tls), each(
            ["hey", "wrk", "h2load", "ab"], tls), tls=True),
        "http2": Case(
            "small requests over HTTP/2 and TLS, 64 clients, nginx", each(["floor", "spate", "h2load", "hey"], http2),
            [Entry(name, http2.changed(streams=10), f"{name}@10 streams") for name in ("spate", "h2load")], tls=True),
        # A scenario's arrivals are new people with new connections: beside it, what a new connection costs others.
        "scenario": Case("5,000 small requests a second, open loop (plain C: 64 clients, as fast as it can)", [
            Entry("spate-run", rate.changed(fresh=True), "spate-run@new"),
            Entry("floor", small.changed(seconds=2 * short, fresh=True), "floor@new"),
            Entry("spate", rate, "spate@kept"), Entry("spate", rate.changed(fresh=True), "spate@new"),
        ], [Entry("hey", rate.changed(fresh=True), "hey@new"), Entry("hey", rate, "hey@kept")]),
    }
    return cases


ORDER = ["small", "clients8000", "upload", "stalled", "tls", "http2", "scenario", "instructions"]


def possible(bench, entry):
    """Why an entry cannot run here; empty when it can."""
    if not bench.is_here(entry.generator):
        return "not here"
    if entry.generator == "spate":
        needed = newer_flags(entry.workload) | ({"--streams"} if entry.workload.streams > 1 else set())
        if not needed <= bench.spate_flags:
            return f"spate hit has no {' '.join(sorted(needed - bench.spate_flags))}"
    if not bench.generators[entry.generator].can(entry.workload):
        return "cannot"
    return ""


def run_contest(bench, name, case):
    """Runs a case's rounds and returns its record."""
    missing = {entry.name: why for entry in case.entries() if (why := possible(bench, entry))}
    entries = {entry.name: entry for entry in case.entries() if entry.name not in missing}
    if case.tls and not (nginx_path() and shutil.which("openssl")):
        return {"title": case.title, "rounds": [], "missing": {"nginx": "nginx or openssl is not here"}}

    def make_server():
        return Nginx(bench.target_core) if case.tls else Sink(bench.target_core)

    rounds = []
    first = [entry.name for entry in case.first if entry.name in entries]
    others = [entry.name for entry in case.others if entry.name in entries]
    for number in range(bench.rounds):
        row = {}
        for label in turns(first, others, number):
            entry = entries[label]
            row[label], _ = run_once(
                bench.generators[entry.generator], entry.workload, make_server, number,
                bench.generator_core, label)
        _memory_per_client(row)
        rounds += [one.record() for one in row.values()]
        bench.say(f"  {name} {number + 1}/{bench.rounds}: " + "  ".join(_brief(one) for one in row.values()))
    return {"title": case.title, "rounds": rounds, "missing": missing}


def _memory_per_client(row):
    """Adds the kilobytes each of 8,000 clients takes: the growth since 64 clients, and all memory divided by them."""
    for label, one in row.items():
        base = row.get(f"{label}@64")
        if base and one.peak_kb and base.peak_kb:
            one.extra["kb_per_client"] = (one.peak_kb - base.peak_kb) / MANY
            one.extra["kb_per_client_all"] = one.peak_kb / MANY


def _brief(one):
    values = one.quantities()
    figure = f"{values['cpu_s_per_gb']:.2f} s/GB" if "cpu_s_per_gb" in values else \
        f"{values['cpu_us']:.1f} us" if "cpu_us" in values else "-"
    return f"{one.tool} {figure}{' (' + one.problem + ')' if one.problem else ''}"


def run(bench, name):
    """Runs a case by its name."""
    started = time.monotonic()
    table = contests(bench)
    bench.say(f"{name}: {table[name].title if name in table else TITLES[name]}")
    if name == "stalled":
        record = stalled.run(bench)
    elif name == "instructions":
        record = instructions.run(bench)
    else:
        record = run_contest(bench, name, table[name])
    record.setdefault("title", TITLES.get(name))
    record["took_seconds"] = round(time.monotonic() - started, 1)
    record["load_average"] = os.getloadavg()[0]
    return record


TITLES = {
    "stalled": "8,000 uploads in flight against a stopped server",
    "instructions": "instructions in user space per request and per 1 MB upload",
}


def estimate(bench, name):
    """About how many seconds a case takes."""
    table = contests(bench)
    if name in table:
        overhead = 1.0 if table[name].tls else 0.6
        return bench.rounds * sum(
            entry.workload.seconds + overhead for entry in table[name].entries() if not possible(bench, entry))
    return stalled.estimate(bench) if name == "stalled" else instructions.estimate(bench)
