"""Instructions in user space per request, counted by qemu-user: the same on a busy machine.

Each tool runs twice, short and long; the difference of the counts over the difference of the requests leaves
start-up and end out. The kernel's share is not in it, and under emulation a client is slow: its batches are larger.
"""
import os
import re
import shutil

from .generators import BIN
from .rounds import run_once
from .servers import Sink
from .workload import Workload

QEMU = "qemu-x86_64"
PLUGIN = os.path.join(BIN, "count_instructions.so")
ROUNDS = 3
# Plain C reads its uploads from the file here: a copy in memory counts as instructions, the kernel's does not.
TOOLS = {"small": ("floor", "spate", "hey", "wrk", "h2load"), "upload": ("floor-file", "spate", "hey")}


def why_not():
    """Why nothing can be counted here; empty when it can."""
    if os.uname().machine != "x86_64":
        return "only for x86_64"
    if not shutil.which(QEMU):
        return f"{QEMU} is not here"
    return "" if os.path.exists(PLUGIN) else "the plugin could not be built"


def estimate(bench):
    return 0 if why_not() else min(ROUNDS, bench.rounds) * (35 if bench.quick else 75)


class Counted:
    """A generator run under the counting emulator."""

    def __init__(self, generator):
        self.name = generator.name
        self.claim = generator.claim
        self._generator = generator

    def command(self, task):
        return [shutil.which(QEMU), "-plugin", PLUGIN, *self._generator.command(task)]

    def environment(self, task):
        return self._generator.environment(task)


def run(bench):
    """Counts for small requests and for uploads; a tool without a limit of requests runs by time."""
    problem = why_not()
    if problem:
        return {"rounds": [], "missing": {"instructions": problem}}
    scale = 1 if bench.quick else 2
    small = Workload(clients=64, seconds=2, requests=1000 * scale), \
        Workload(clients=64, seconds=2 + 3 * scale, requests=6000 * scale)
    body = bench.body(1 << 20, "upload-1MB")
    upload = Workload(clients=64, seconds=2, requests=192, body=body), \
        Workload(clients=64, seconds=6, requests=192 + 384 * scale, body=body)
    rounds, missing = [], {}
    for number in range(min(ROUNDS, bench.rounds)):
        for kind, (short, long) in {"small": small, "upload": upload}.items():
            for name in TOOLS[kind]:
                if not bench.is_here(name):
                    missing[name] = "not here"
                    continue
                one = _difference(bench, name, kind, short, long, number)
                rounds.append(one.record())
                count = one.extra.get("instructions", 0)
                bench.say(f"  instructions {number + 1}: {one.tool} {count:,.0f} {one.problem}")
    return {"rounds": rounds, "missing": missing}


def _difference(bench, name, kind, short, long, number):
    generator, runs = bench.generators[name], []
    for workload in (short, long):
        if name == "wrk":
            workload = workload.changed(requests=0)
        one, finished = run_once(
            Counted(generator), workload, lambda: Sink(bench.target_core), number, bench.generator_core,
            f"{name.removesuffix('-file')}@{kind}")
        runs.append((one, counted(finished.errors)))
    (few, fewer), (many, more) = runs
    many.problem = few.problem or many.problem
    if fewer is None or more is None or many.requests <= few.requests:
        many.problem = many.problem or "exit: the emulator did not count"
    else:
        many.extra["instructions"] = (more - fewer) / (many.requests - few.requests)
        many.extra["runs"] = [[few.requests, fewer], [many.requests, more]]
    return many


def counted(text):
    """The plugin's last words."""
    found = re.search(r"^instructions (\d+)$", text, re.MULTILINE)
    return int(found.group(1)) if found else None
