"""What the checks of this folder share: programs, targets that are pinned and ended, judgements."""
import argparse
import contextlib
import json
import math
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


class Check:
    """The rows of one check: what was measured, what is allowed, whether it holds."""

    def __init__(self, name):
        self.name = name
        self.rows = []

    def row(self, what, measured, allowed, ok):
        """Notes a figure and prints it; `ok` None is a figure without a limit."""
        self.rows.append((what, measured, allowed, ok))
        word = {True: "ok  ", False: "FAIL", None: "    "}[None if ok is None else bool(ok)]
        print(f"{word} {what}: {measured}" + (f"  (allowed: {allowed})" if allowed else ""), flush=True)

    @property
    def ok(self):
        return all(row[3] is not False for row in self.rows)


def arguments(doc, **defaults):
    """The command line of a check: a flag per default, and --spate."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--spate", default=os.environ.get("SPATE", f"{ROOT}/.build/release/spate"))
    for name, value in defaults.items():
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, type=type(value), default=value, help=f"default {value}")
    return parser


def alone(run, parser):
    """Runs a check by itself: exit 1 when a limit was broken."""
    options = parser.parse_args()
    check = run(options)
    sys.exit(0 if check.ok else 1)


def cores():
    """Two cores of this machine: one for the target, one for the generator."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def compiled(path):
    """Compiles a C file into Benchmarks/bin, unless that is done."""
    name = os.path.splitext(os.path.basename(path))[0]
    binary = f"{ROOT}/Benchmarks/bin/{name}"
    if not os.path.exists(binary) or os.path.getmtime(binary) < os.path.getmtime(path):
        os.makedirs(os.path.dirname(binary), exist_ok=True)
        # The Swift toolchain brings a clang where there is no gcc.
        compiler = next((name for name in ("gcc", "cc", "clang") if shutil.which(name)), "gcc")
        subprocess.run([compiler, "-O2", path, "-o", binary], check=True, stderr=subprocess.DEVNULL)
    return binary


def free_port():
    """A port that nobody listens on, below those that the kernel gives to clients.

    A client that asks whether somebody listens on a port of theirs may connect to itself, and be
    the reason why nobody can."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first = int(file.read().split()[0])
    lowest = 10_000 if first > 11_000 else 1_024
    while True:
        port = random.randrange(lowest, max(first, lowest + 1_000))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def target(command, port):
    """A server on the first core, from its first answer to its end."""
    raise_descriptors()
    process = subprocess.Popen(
        ["taskset", "-c", str(cores()[0]), *command], stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            if process.poll():
                sys.exit(f"{command[0]} ended at once, with {process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        else:
            sys.exit(f"nothing listens on port {port}")
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
            process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def sink():
    """sink.c, which answers 201 at next to no cost: yields its process and URL."""
    port = free_port()
    with target([compiled(f"{ROOT}/Benchmarks/sink.c"), str(port)], port) as process:
        yield process, f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def delay(delay, *log):
    """delay.c, which delays by a mixture or by so many milliseconds: yields its URL."""
    port = free_port()
    with target([compiled(f"{HERE}/delay.c"), str(port), delay, *log], port):
        yield f"http://127.0.0.1:{port}"


def raise_descriptors():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def start(options, words, folder, **more):
    """Starts spate on the second core."""
    return subprocess.Popen(
        ["taskset", "-c", str(cores()[1]), os.path.abspath(options.spate), *words],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more,
    )


def spate(options, words, folder, expected=(0,), **more):
    """Runs spate to its end and returns its stdout."""
    process = start(options, words, folder, **more)
    output, errors = process.communicate()
    if process.returncode not in expected:
        sys.exit(f"spate {' '.join(words)} exited {process.returncode}: {errors}")
    return output


def folder():
    return tempfile.TemporaryDirectory(prefix="spate-trust-")


def write(folder, name, text):
    with open(f"{folder}/{name}", "w") as file:
        file.write(text)


def scenario(name, url, flow="[ { get: / } ]", **load):
    """The text of a scenario with one population, its keys as given."""
    keys = "".join(f"    {key}: {value}\n" for key, value in load.items())
    return f"version: 1\nname: {name}\ntarget: {url}\nscenarios:\n  visitors:\n{keys}    flow: {flow}\n"


def open_scenario(name, url, rate, seconds, flow="[ { get: / } ]"):
    """The text of an open loop whose connections are kept."""
    return scenario(
        name, url, flow, executor="constant-arrival-rate", rate=f"{rate}/s",
        duration=f"{seconds}s", clients="{ reuse: 1000000 }")


def report(folder):
    with open(f"{folder}/report.json") as file:
        return json.load(file)


def lines(path):
    """The whole lines of a file of JSON lines, one after another."""
    with open(path) as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)


def percentile(values, share):
    """The value at rank ceil(share x n) of a sorted list."""
    return values[max(1, math.ceil(share * len(values) * (1 - 4e-15))) - 1]


def ms(value):
    return "-" if value is None else f"{value:.3f} ms"
