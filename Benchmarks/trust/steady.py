#!/usr/bin/env python3
"""Does the generator stay the same size?

Plays 3,000 requests a second with 2,000 clients: with `spate run` in an open loop against delay.c,
whose delay keeps 2,000 in flight; with `spate run` and 2,000 constant clients against sink.c; with
`spate hit -q` against delay.c, with 1,500 of its 2,000 in flight. The resident memory at the end of
the load is at most 1.05 of that after one minute, and no more descriptors are open. The most memory
while the report is made is told beside it.
"""
import contextlib
import os
import subprocess
import time

import stand


def state(pid):
    """Resident bytes, sockets and other open descriptors; None once the process is gone."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        names = os.listdir(f"/proc/{pid}/fd")
        sockets = 0
        for name in names:
            # What was closed meanwhile is none.
            with contextlib.suppress(FileNotFoundError):
                sockets += os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:")
        return resident, sockets, len(names) - sockets
    except (FileNotFoundError, ProcessLookupError, PermissionError, IndexError):
        return None


def watched(options, words, folder):
    """Plays to the end; the states every two seconds, more often at the end."""
    process = subprocess.Popen(
        ["taskset", "-c", str(stand.cores()[1]), os.path.abspath(options.spate), *words], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    states, start = [], time.monotonic()
    while process.poll() is None:
        now = state(process.pid)
        if now:
            states.append((time.monotonic() - start, *now))
        time.sleep(2 if time.monotonic() - start < options.minutes * 60 - 5 else 0.2)
    return process.returncode, states


def judge(check, name, options, words, folder):
    status, states = watched(options, words, folder)
    seconds = options.minutes * 60
    early = min(60, seconds / 3)
    first = min(states, key=lambda state: abs(state[0] - early))
    last = max((state for state in states if state[0] <= seconds - 0.5), key=lambda state: state[0])
    most = max(states, key=lambda state: state[1])
    ratio = last[1] / first[1]
    megabytes = [f"{value / 1e6:.1f}" for value in (first[1], last[1], most[1])]
    check.row(f"{name}: exit status", status, "0, or 95 on a busy machine", status in (0, 95))
    check.row(f"{name}: memory after {first[0]:.0f} s, at the end", f"{megabytes[0]}, {megabytes[1]} MB: {ratio:.3f}",
              "1.05", ratio <= 1.05)
    # In an open loop there are as many clients as were ever busy at one time, not more.
    most_sockets = max(options.clients * 1.25, first[2])
    check.row(f"{name}: sockets then and at the end", f"{first[2]}, {last[2]}", f"{most_sockets:.0f}",
              last[2] <= most_sockets)
    check.row(f"{name}: other descriptors then and at the end", f"{first[3]}, {last[3]}", "no more",
              last[3] <= first[3])
    # hit ends with its load; a run has its reports still to make, without its sockets.
    after = states[-1]
    if after[0] > seconds + 0.5:
        check.row(f"{name}: descriptors after the drain", after[2] + after[3], "32", after[2] + after[3] <= 32)
    check.row(f"{name}: most memory, the report's making included", f"{megabytes[2]} MB", "", None)


def run(options):
    check = stand.Check("Flat in time (line 8)")
    for kind in options.kinds.split(","):
        KINDS[kind](check, options, max(1, round(options.clients / options.rate * 1000)))
    return check


def open_loop(check, options, think):
    with stand.delay(str(think)) as url:
        text = stand.open_scenario("Steady", url, options.rate, int(options.minutes * 60))
        play(check, options, "run, open loop", text)


def closed_loop(check, options, think):
    with stand.sink() as (_, url):
        text = stand.scenario(
            "Steady", url, f"[ {{ get: / }}, {{ think: {think}ms }} ]", executor="constant-vus",
            vus=options.clients, duration=f"{int(options.minutes * 60)}s")
        play(check, options, "run, constant-vus", text)


def one_shot(check, options, think):
    # Three quarters of its clients are busy; with all of them a hiccup would drop arrivals.
    with stand.delay(str(round(think * 0.75))) as url:
        words = ["hit", url + "/", "-q", str(options.rate), "-c", str(options.clients),
                 "-z", f"{int(options.minutes * 60)}s"]
        judge(check, "hit -q", options, words, ".")


KINDS = {"open": open_loop, "closed": closed_loop, "hit": one_shot}


def play(check, options, name, scenario):
    with stand.folder() as folder:
        stand.write(folder, "steady.yaml", scenario)
        judge(check, name, options, ["run", "steady.yaml", "--out-dir", "out", "-q"], folder)
        totals = stand.report(f"{folder}/out")["totals"]
        check.row(f"{name}: answered, dropped", f"{totals['attempts_completed']}, {totals['dropped']}",
                  "0 dropped", totals["dropped"] == 0)


PARSER = stand.arguments(__doc__, minutes=10.0, rate=3000, clients=2000, kinds="open,closed,hit")
if __name__ == "__main__":
    stand.alone(run, PARSER)
