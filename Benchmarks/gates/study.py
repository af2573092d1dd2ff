#!/usr/bin/env python3
"""How often the gate of `spate run --repeat` is wrong: equal servers, and servers a fifth slower.

Every comparison is one command, `spate run --repeat 5 --baseline-target URL`, against two bundled intakes:
five runs against five of ten seconds each in the order A B B A, and those again that the machine disturbed.
40 comparisons of equal servers should give at most 2 alarms (exit 96), 20 with the second one's service time
a fifth longer at least 18. Ten runs take about two minutes, all of it about two hours; what was compared is
kept in reports/gates/, so that this can be stopped at any time and goes on where it was. A run keeps a sixth of
one core busy, so that a few comparisons can be made beside each other. Each answer is also a file and a row
of SQLite: on a machine whose disk is shared with others, let --folder be in memory.

    Benchmarks/gates/study.py                goes on, then prints the table
    Benchmarks/gates/study.py --beside 3 --folder /dev/shm/gates    three at a time, files in memory
    Benchmarks/gates/study.py --hours 1      no comparison is begun after an hour
    Benchmarks/gates/study.py --table        only the table, from what there is
    Benchmarks/gates/study.py --equal 4 --slower 2 --duration 3s    a rough one
"""
import argparse
import concurrent.futures
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, f"{ROOT}/Benchmarks/trust")
import stand  # noqa: E402

SCENARIO = f"{ROOT}/Benchmarks/gates/scenario.yaml"
RUNS = 5
# Milliseconds of a worker for each request.
SERVICE = 40
# Of twenty runs of ten seconds the last is over in well under twenty minutes, or something is broken.
LONGEST = 1200


@contextlib.contextmanager
def intake(spate, folder, factor, seed):
    """A bundled intake with a service time of so many times `SERVICE`; yields its URL."""
    port = stand.free_port()
    command = [
        f"{os.path.dirname(os.path.abspath(spate))}/spate-intake", "--port", str(port), "--admin-port",
        str(stand.free_port()), "--data-dir", folder, "--seed", str(seed), "--ignore-stdin", "--set", "workers=8",
        "--set", f"serviceTime={SERVICE * factor:g}ms", "--set", "serviceJitter=8ms"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 10
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{' '.join(command)}: does not answer")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def compare(spate, folder, kind, factor, number, duration):
    """One comparison, or what came of it before."""
    kept = f"{folder}/{kind}-{number:02}.json"
    if os.path.exists(kept):
        return
    work = f"{folder}/work-{kind}-{number:02}"
    shutil.rmtree(work, ignore_errors=True)
    with intake(spate, f"{work}/a", 1, number) as base, intake(spate, f"{work}/b", factor, number) as new:
        command = [
            spate, "run", SCENARIO, "--repeat", str(RUNS), "--baseline-target", base, "--target", new,
            "--out-dir", f"{work}/runs", "--seed", str(number), "--duration", duration, "--live", "off", "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    if done.returncode not in (0, 95, 96):
        raise RuntimeError(f"{' '.join(command)}\nexit {done.returncode}: {done.stderr}")
    with open(f"{work}/runs/comparison.json") as file:
        result = json.load(file)
    result["exit"] = done.returncode
    result["runs"] = sum(os.path.exists(f"{work}/runs/{name}/report.json") for name in os.listdir(f"{work}/runs"))
    with open(kept + ".new", "w") as file:
        json.dump(result, file)
    os.replace(kept + ".new", kept)
    shutil.rmtree(work)
    print(f"{kind} {number}: exit {done.returncode}, {result['runs']} runs, {result['sentence']}", flush=True)


def play(todo, end, arguments):
    """The comparisons, so many at a time; the first error stops those that have not begun."""
    def one(item):
        if time.monotonic() < end:
            compare(arguments.spate, arguments.folder, *item, arguments.duration)

    with concurrent.futures.ThreadPoolExecutor(arguments.beside) as pool:
        waiting = [pool.submit(one, item) for item in todo]
        done, _ = concurrent.futures.wait(
            waiting, return_when=concurrent.futures.FIRST_EXCEPTION)
        pool.shutdown(wait=False, cancel_futures=True)
        for future in done:
            if not future.cancelled():
                future.result()


def results(folder, kind):
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    found = []
    for name in names:
        if name.startswith(kind + "-") and name.endswith(".json"):
            with open(f"{folder}/{name}") as file:
                found.append(json.load(file))
    return found


def middle(values):
    values = sorted(value for value in values if value is not None)
    return values[len(values) // 2] if values else None


def row(name, found):
    """A line of the table: exits, and what the runs could have shown."""
    exits = [result["exit"] for result in found]
    figures = [
        figure for result in found for figure in result["figures"] if figure["name"] == "response p50"]
    change = middle([figure["change"] for figure in figures])
    shown = middle([figure["detectable"] for figure in figures])

    def percent(value):
        return "–" if value is None else f"{100 * value:.1f} %"

    again = sum(result["runs"] - 2 * RUNS for result in found)
    return (f"| {name} | {len(found)} | {exits.count(96)} | {exits.count(95)} | {exits.count(0)} "
            f"| {again} | {percent(change)} | {percent(shown)} |")


def table(folder):
    """The table of docs/gates.md, and whether both promises are kept so far."""
    equal, slower = results(folder, "equal"), results(folder, "slower")
    lines = [
        "| servers | comparisons | regression (96) | inconclusive (95) | pass (0) | runs made again "
        "| change of p50, median | p50 would have shown, median |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        row("equal", equal), row("second one 20 % slower", slower),
    ]
    alarms = sum(result["exit"] == 96 for result in equal)
    found = sum(result["exit"] == 96 for result in slower)
    kept = alarms <= 2 and len(slower) - found <= 2
    return "\n".join(lines), kept


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--spate", default=f"{ROOT}/.build/release/spate")
    parser.add_argument("--folder", default=f"{ROOT}/reports/gates")
    parser.add_argument("--equal", type=int, default=40, help="comparisons of equal servers")
    parser.add_argument("--slower", type=int, default=20, help="comparisons with a slower one")
    parser.add_argument("--duration", default="10s", help="of each run")
    parser.add_argument("--beside", type=int, default=1, help="comparisons at a time")
    parser.add_argument("--hours", type=float, default=6, help="begin no comparison after these")
    parser.add_argument("--table", action="store_true", help="only print the table")
    arguments = parser.parse_args()
    os.makedirs(arguments.folder, exist_ok=True)
    if not arguments.table:
        end = time.monotonic() + 3600 * arguments.hours
        # In turn, so that a study that was stopped has some of both.
        todo = [("equal", 1, number) for number in range(1, arguments.equal + 1)]
        todo += [("slower", 1.2, number) for number in range(1, arguments.slower + 1)]
        todo.sort(key=lambda item: item[2] * (1 if item[0] == "equal" else 2))
        play(todo, end, arguments)
    text, kept = table(arguments.folder)
    print(text)
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
