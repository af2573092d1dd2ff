#!/usr/bin/env python3
"""What is left of a run that was killed?

Kills `spate run` with SIGKILL at random moments under load, half of the time against spate-intake
and half of the time against delay.c (without delays), which logs every answer it gave. Every
journal reads back (`spate report` exits 0) and ends at most two seconds before the kill. What is
there equals the target's own counters: the intake's accepted_total as sampled at the last row, but
for answers that were on their way at that moment; and of delay.c's log, every answer that the
journal does not have was given in the last two seconds, and none that it has was not given.
"""
import datetime
import json
import os
import random
import signal
import subprocess
import time

import stand

INTAKE = """version: 1
name: Killed
target: {{ intake: {{ workers: 8, serviceTime: 1ms }} }}
scenarios:
  tips:
    executor: constant-arrival-rate
    rate: {rate}/s
    duration: 120s
    flow:
      - post:
          url: /v1/tips
          multipart: {{ text: "tip {{{{ $seq }}}}", video: {{ generate: mp4, size: 8KiB }} }}
          expect: {{ status: [201] }}
"""
WITNESS = """version: 1
name: Killed
target: {url}
scenarios:
  visitors:
    executor: constant-arrival-rate
    rate: {rate}/s
    duration: 120s
    clients: {{ reuse: 1000000 }}
    flow: [ {{ post: {{ url: /, json: {{ tip: 1 }} }} }} ]
"""


def killed(options, folder, words):
    """Starts a run, kills it at a random moment after its start; the kill's time on both clocks."""
    process = subprocess.Popen(
        [os.path.abspath(options.spate), "run", "killed.yaml", "--out-dir", "out", "-q", *words], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    manifest = f"{folder}/out/journal/windows.ndjson"
    while not os.path.exists(manifest) and process.poll() is None:
        time.sleep(0.02)
    time.sleep(random.uniform(1.5, options.longest))
    wall, monotonic = time.time(), time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return wall, monotonic


def read_back(options, folder):
    """Rebuilds the report: its exit status, the report, the last row's end and the run's start."""
    done = subprocess.run(
        [os.path.abspath(options.spate), "report", "out"], cwd=folder, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with open(f"{folder}/out/manifest.json") as file:
        started = datetime.datetime.fromisoformat(json.load(file)["started"].replace("Z", "+00:00"))
    report = stand.report(f"{folder}/out")
    return done.returncode, report, len(report["series"]), started.timestamp()


def intake_round(options):
    """A kill beside the bundled intake: what was lost, and whether its counter agrees."""
    with stand.folder() as folder:
        stand.write(folder, "killed.yaml", INTAKE.format(rate=options.intake_rate))
        wall, _ = killed(options, folder, [])
        status, report, rows, started = read_back(options, folder)
        own = {}
        for line in stand.lines(f"{folder}/out/journal/samples.ndjson"):
            if "server" in line:
                own[line["server"]["second"]] = line["server"]["values"]["accepted_total"]
        # A sample of second k is taken at its beginning: it counts what the rows before it do, and
        # those whose answer was on its way, or who came while it was being fetched (50 ms).
        at = max((second for second in own if second <= rows), default=0)
        good = sum(row["good"] for row in report["series"][:at])
        stored = int(own.get(at, -1))
        between = report["series"][at - 1]["in_flight"] + 0.05 * options.intake_rate if at else 0
        lost = wall - started - rows
        return status, lost, at >= rows - 1 and 0 <= stored - good <= between, f"row {at}: clients {good}, intake {stored}"


def witness_round(options):
    """A kill beside delay.c: what was lost, and whether its log agrees."""
    with stand.folder() as folder:
        with stand.delay("0", f"{folder}/server.log") as url:
            stand.write(folder, "killed.yaml", WITNESS.format(url=url, rate=options.rate))
            wall, monotonic = killed(options, folder, ["-o", "attempts"])
        given = {}
        with open(f"{folder}/server.log") as file:
            for line in file:
                key, _, went, _ = line.split()
                given[key] = int(went)
        status, report, rows, started = read_back(options, folder)
        listed = {row["key"]: row["t"] for row in stand.lines(f"{folder}/out/journal/attempts.ndjson")}
        counted = report["totals"]["attempts_completed"]
        # The list of a second is written before the row that vouches for it.
        surplus = [t for t in listed.values() if t >= rows - 0.1]
        invented = listed.keys() - given.keys()
        missing = [went for key, went in given.items() if key not in listed]
        early = [went for went in missing if went < monotonic - 2_000_000_000]
        agrees = not invented and not early and counted <= len(listed) <= counted + len(surplus)
        text = f"{counted} counted, {len(listed)} listed, {len(given)} answered, {len(early)} lost before"
        return status, wall - started - rows, agrees, text


def run(options):
    check = stand.Check("kill -9 (line 9)")
    random.seed(options.seed)
    for name, play in (("intake", intake_round), ("witness", witness_round)):
        wrong, lost = [], []
        rounds = options.rounds // 2
        for _ in range(rounds):
            status, late, agrees, text = play(options)
            ok = status == 0 and late <= 2 and agrees
            print(f"     {name}: {late:.2f} s lost, {text}, report {status}: {'ok' if ok else 'WRONG'}", flush=True)
            lost.append(late)
            wrong += [] if ok else [text]
        check.row(f"{name}: read back, counts equal", f"{rounds - len(wrong)} of {rounds}", "all", not wrong)
        check.row(f"{name}: longest loss", f"{max(lost):.2f} s", "2 s", max(lost) <= 2)
    return check


PARSER = stand.arguments(__doc__, rounds=20, longest=12.0, rate=2000, intake_rate=100, seed=1)
if __name__ == "__main__":
    stand.alone(run, PARSER)
