#!/usr/bin/env python3
"""How often the gate of `spate compare` is wrong: equal servers, and servers a fifth slower.

Every comparison is five runs against five, made by the real program in the order A B B A with the
bundled intake, ten seconds each. 40 comparisons of equal servers should give at most 2 alarms (exit
96), 20 with the second one's service time a fifth longer at least 18. Ten runs take about two minutes,
all of it about two hours; what was compared is kept in reports/gates/, so that this can be stopped at
any time and goes on where it was. The machine should have nothing else to do; a run keeps a sixth of
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
import json
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCENARIO = f"{ROOT}/Benchmarks/gates/scenario.yaml"
RUNS = 5
# Milliseconds of a worker for each request.
SERVICE = 40
# A run of ten seconds is over in well under a minute, or something is broken.
LONGEST = 120


def order(runs):
    """Who runs when: A B B A A B ..., so that what drifts meets both alike."""
    sides = []
    for number in range(1, runs + 1):
        pair = [("base", number), ("new", number)]
        sides += pair if number % 2 else pair[::-1]
    return sides


def run(spate, directory, factor, seed, duration):
    """One run into a folder of its own; one that was cut off before is made again."""
    if os.path.exists(f"{directory}/report.json"):
        return
    subprocess.run(["rm", "-rf", directory], check=True)
    command = [
        spate, "run", SCENARIO, "--out-dir", directory, "--seed", str(seed), "--duration", duration,
        "--set", f"target.intake.serviceTime={SERVICE * factor:g}ms", "--live", "off", "--quiet",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    # 95: the machine was in the way; the comparison leaves such a run out and says so.
    if done.returncode not in (0, 95):
        raise RuntimeError(f"{' '.join(command)}\nexit {done.returncode}: {done.stderr}")


def compare(spate, folder, kind, factor, number, duration):
    """One comparison, or what came of it before."""
    kept = f"{folder}/{kind}-{number:02}.json"
    if os.path.exists(kept):
        return
    work = f"{folder}/work-{kind}-{number:02}"
    for side, turn in order(RUNS):
        run(spate, f"{work}/{side}-{turn}", factor if side == "new" else 1, number, duration)
    command = [spate, "compare", "--json"]
    command += [f"{work}/base-{turn}" for turn in range(1, RUNS + 1)] + ["--"]
    command += [f"{work}/new-{turn}" for turn in range(1, RUNS + 1)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    if done.returncode not in (0, 95, 96):
        raise RuntimeError(f"{' '.join(command)}\nexit {done.returncode}: {done.stderr}")
    result = json.loads(done.stdout)
    result["exit"] = done.returncode
    with open(kept + ".new", "w") as file:
        json.dump(result, file)
    os.replace(kept + ".new", kept)
    subprocess.run(["rm", "-rf", work], check=True)
    print(f"{kind} {number}: exit {done.returncode}, {result['sentence']}", flush=True)


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

    return (f"| {name} | {len(found)} | {exits.count(96)} | {exits.count(95)} | {exits.count(0)} "
            f"| {percent(change)} | {percent(shown)} |")


def table(folder):
    """The table of docs/gates.md, and whether both promises are kept so far."""
    equal, slower = results(folder, "equal"), results(folder, "slower")
    lines = [
        "| servers | comparisons | regression (96) | inconclusive (95) | pass (0) "
        "| change of p50, median | p50 would have shown, median |",
        "|---|---:|---:|---:|---:|---:|---:|",
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
