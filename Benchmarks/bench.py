#!/usr/bin/env python3
"""What a request costs: spate beside plain C on libcurl and beside other load generators.

Every tool is measured the same way, from outside: the kernel says what CPU and memory it took, the server what it
was sent. The server has one core, the generator another; tools take turns round by round, and ratios are of the
same round. Prints tables (Markdown) on standard output and keeps everything in reports/benchmarks/; ends with 1
if a threshold of Benchmarks/thresholds.json is missed. docs/benchmarks.md says how to read it.

    Benchmarks/bench.py                         everything, nine rounds
    Benchmarks/bench.py --quick                 three short rounds, for a first look
    Benchmarks/bench.py --cases small,upload    some of it
"""
import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time

from benchlib import build, cases, children, machine, report, thresholds
from benchlib.generators import BIN, HERE, all_generators

ROOT = os.path.dirname(HERE)
DESCRIPTORS = 20000


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default=",".join(cases.ORDER), help="which, of: " + ", ".join(cases.ORDER))
    parser.add_argument("--rounds", type=int, help="default 9, with --quick 3")
    parser.add_argument("--quick", action="store_true", help="short rounds")
    parser.add_argument("--spate", default=os.path.join(ROOT, ".build", "release", "spate"), help="a release build")
    parser.add_argument("--out", help="folder of the report (default reports/benchmarks/<UTC stamp>-<commit>)")
    parser.add_argument("--thresholds", default=os.path.join(HERE, "thresholds.json"))
    parser.add_argument("--target-core", type=int, default=0)
    parser.add_argument("--generator-core", type=int, default=1)
    chosen = parser.parse_args()
    chosen.rounds = chosen.rounds or (3 if chosen.quick else 9)
    chosen.cases = [name.strip() for name in chosen.cases.split(",") if name.strip()]
    unknown = [name for name in chosen.cases if name not in cases.ORDER]
    if unknown:
        parser.error(f"no case called {', '.join(unknown)}; there are {', '.join(cases.ORDER)}")
    if not os.path.exists(chosen.spate):
        parser.error(f"{chosen.spate} is not here; build it with `swift build -c release --product spate`")
    allowed = os.sched_getaffinity(0)
    if not {chosen.target_core, chosen.generator_core} <= allowed:
        parser.error(f"cores {chosen.target_core} and {chosen.generator_core} are wanted, only {sorted(allowed)} are here")
    return chosen


def prepare(chosen):
    """Builds what is missing and returns what the cases need."""
    build.programs()
    problem = build.locust()
    if problem:
        print(problem, file=sys.stderr)
    if not children.raise_descriptor_limit(DESCRIPTORS):
        print(f"the hard limit of descriptors is below {DESCRIPTORS}: cases with 8,000 clients are left out "
              f"(ulimit -Hn {DESCRIPTORS} mends it)", file=sys.stderr)
        chosen.cases = [name for name in chosen.cases if name not in ("clients8000", "stalled")]
    # This program sleeps most of the time; let it wake beside the server, not beside what is measured.
    os.sched_setaffinity(0, os.sched_getaffinity(0) - {chosen.generator_core} or os.sched_getaffinity(0))
    return cases.Bench(
        generators=all_generators(chosen.spate), rounds=chosen.rounds, quick=chosen.quick,
        target_core=chosen.target_core, generator_core=chosen.generator_core,
        spate_flags=machine.spate_flags(chosen.spate))


def measure(chosen, bench):
    """Runs the cases; what was measured before an interrupt is kept."""
    load_before, before = os.getloadavg()[0], machine.cpu_times()
    facts, measured, interrupted = machine.describe(chosen.spate), {}, False
    seconds = sum(cases.estimate(bench, name) for name in chosen.cases)
    bench.say(f"{', '.join(chosen.cases)}: about {seconds / 60:.0f} minutes")
    try:
        for name in cases.ORDER:
            if name in chosen.cases:
                measured[name] = cases.run(bench, name)
    except KeyboardInterrupt:
        interrupted = True
        bench.say("interrupted")
    finally:
        children.end_all()
        clean_up()
    after = machine.cpu_times()
    run = {
        "command": "Benchmarks/bench.py " + " ".join(sys.argv[1:]), "rounds": chosen.rounds, "quick": chosen.quick,
        "target_core": chosen.target_core, "generator_core": chosen.generator_core, "load_before": load_before,
        "steal_percent": 100 * (after[2] - before[2]) / max(after[0] - before[0], 1e-9), "interrupted": interrupted}
    return {"machine": facts, "run": run, "cases": measured}


def clean_up():
    """Removes what runs left in Benchmarks/bin: journals, and files of a gigabyte that hold nothing."""
    for entry in os.listdir(BIN):
        path = os.path.join(BIN, entry)
        if entry.startswith("run-") and os.path.isdir(path):
            shutil.rmtree(path, ignore_errors=True)
        elif entry.startswith("upload-"):
            os.remove(path)


def keep(results, text, folder):
    """Writes results.json and README.md in one go each."""
    os.makedirs(folder, exist_ok=True)
    for name, content in (("results.json", json.dumps(results, indent=1) + "\n"), ("README.md", text)):
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
            file.write(content.replace(ROOT + os.sep, ""))     # where the clone lies is nobody's business
        os.chmod(file.name, 0o644)
        os.replace(file.name, os.path.join(folder, name))


def main():
    chosen = options()

    def interrupt(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    limits = thresholds.load(chosen.thresholds)
    try:
        bench = prepare(chosen)
    except build.NotBuilt as problem:
        sys.exit(f"bench: {problem}")
    results = measure(chosen, bench)
    if not results["cases"]:
        sys.exit(130 if results["run"]["interrupted"] else 1)
    here = [name for name in bench.generators if bench.is_here(name)]
    checks = thresholds.judge(limits, results["cases"], here)
    results["thresholds"] = [
        {"metric": check.metric, "limit": check.limit, "why": check.why, "outcome": check.outcome,
         "median": check.value.median if check.value else None} for check in checks]
    text = report.markdown(results, checks)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    folder = chosen.out or os.path.join(ROOT, "reports", "benchmarks", f"{stamp}-{results['machine']['commit']}")
    keep(results, text, folder)
    print(text.partition("## Commands")[0].replace(ROOT + os.sep, ""), end="")
    print(f"kept in {os.path.relpath(folder)}", file=sys.stderr)
    missed = [check for check in checks if check.outcome == "FAIL"]
    for check in missed:
        found = f"{check.value.median:.3f}" if check.value else "nothing"
        print(f"missed: {check.metric} {check.limit}, measured {found}", file=sys.stderr)
    sys.exit(130 if results["run"]["interrupted"] else 1 if missed else 0)


if __name__ == "__main__":
    main()
