#!/usr/bin/env python3
"""Plays the catalogue of runs with known causes, has Spate explain each, and keeps the score.

One run at a time; what has a summary in reports/validation/runs/ is not run again, so that this can be
stopped at any time and goes on where it was. The machine should have nothing else to do. The whole
catalogue takes about nine hours; with --beside 4, which needs root, under three.

    Benchmarks/validate.py                    goes on, then writes reports/validation/README.md
    Benchmarks/validate.py --hours 2          no run is begun after two hours
    Benchmarks/validate.py --beside 4         four at a time, each with a network of its own
    Benchmarks/validate.py --only 'nginx-M0'  runs whose names match
    Benchmarks/validate.py --again 'M05'      forgets matching summaries first
    Benchmarks/validate.py --explain          explains the kept runs again, with today's Spate
    Benchmarks/validate.py --list             what there is, and what is missing
    Benchmarks/validate.py --table            only the page, from the summaries there are
"""
import argparse
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from validation import catalogue_more, kept, scenario, summary, table, targets
from validation.targets import stand

FOLDER = f"{stand.ROOT}/reports/validation"
# Thresholds broken, or an inconclusive run, are no failures of the driver's.
EXPECTED = (0, 95, 96, 99)


def path(run_id):
    return f"{FOLDER}/runs/{run_id}.json"


def read(run_id):
    """A run's summary; None where there is none, or it could not be made."""
    try:
        with open(path(run_id)) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def keep(text, place):
    """Writes a file whole or not at all."""
    with open(place + ".new", "w") as file:
        file.write(text)
    os.replace(place + ".new", place)


def play(run, options):
    """Plays a run and returns its summary."""
    # Two folders: the truth lies in the target's, which spate is never told of.
    with tempfile.TemporaryDirectory(prefix="spate-target-") as hidden, \
            tempfile.TemporaryDirectory(prefix="spate-run-") as folder:
        with targets.up(run, options, hidden) as target:
            stand.write(folder, "run.yaml", scenario.text(
                run, target.url, "" if options.no_probes else target.metrics, target.probed, folder))
            process = stand.start(options, ["run", "run.yaml", "--out-dir", "out", "--quiet", "--live", "off",
                                              *scenario.sources(run)], folder)
            try:
                _, errors = process.communicate(timeout=run.load.seconds + 120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                return summary.failed(run, "spate did not end")
            if process.returncode not in EXPECTED:
                return summary.failed(run, f"spate exited {process.returncode}: {errors.strip()[-400:]}")
        truth = target.truth()
        broken = [fault["failure"] for fault in truth["faults"] if fault.get("failure")]
        if broken:
            return summary.failed(run, f"the fault could not be injected: {broken[0]}")
        load = round(os.getloadavg()[0], 2)
        kept.put(run.id, f"{folder}/out", truth, load)
        return explain(run, options, folder, truth, load)


def explain(run, options, folder, truth, load):
    """Has the run in `folder`/out explained, with the server's samples and without; returns the summary."""
    sealed = summary.seal(run, truth)
    print(f"    truth sealed as {sealed[:16]}", flush=True)
    reports = {}
    for mode, words in (("server", []), ("client", ["--client-only"])):
        began = time.monotonic()
        # Runs beside this one must not wait for it.
        text = stand.spate(
            options, ["explain", "out", "--json", *words], folder, EXPECTED, preexec_fn=lambda: os.nice(19))
        reports[mode] = (json.loads(text), round(time.monotonic() - began, 2))
    made = summary.of(run, truth, reports["client"][0], reports["server"][0], sealed)
    made["explained_in"] = {mode: seconds for mode, (_, seconds) in reports.items()}
    made["loadavg"] = load
    return made


def explain_kept(run, options):
    """The summary of a run that was kept, as today's Spate explains it."""
    with tempfile.TemporaryDirectory(prefix="spate-run-") as folder:
        truth, load = kept.get(run.id, folder)
        return explain(run, options, folder, truth, load)


def make(run, options, maker):
    """Plays a run, or explains a kept one, and keeps its summary."""
    try:
        made = maker(run, options)
    except SystemExit as error:
        # What stand.py ends a check with is the end of this run only.
        made = summary.failed(run, str(error))
    made["beside"] = options.beside_now if maker is play else (read(run.id) or {}).get("beside", 1)
    keep(json.dumps(made, indent=1, sort_keys=True) + "\n", path(run.id))
    print(f"    {run.id}: " + (made.get("failed") or told(made)), flush=True)


def make_apart(run, options):
    """Plays a run in a process and a network of its own: ports, sockets and TCP's counters are nobody else's.

    Its files are kept in memory where there is such a place: one disk's syncs would delay all runs alike."""
    words = [sys.executable, os.path.abspath(__file__), "--spate", options.spate, "--only", f"^{re.escape(run.id)}$",
             "--no-page", "--beside-now", str(options.beside)]
    words += ["--no-probes"] if options.no_probes else []
    folder = {"TMPDIR": "/dev/shm"} if os.access("/dev/shm", os.W_OK) else {}
    subprocess.run(
        ["unshare", "--net", "--", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *words], check=True,
        env={**os.environ, **folder})


def make_beside(todo, options, end):
    """Those that disturb nobody so many at a time; then the others alone."""
    def one(run):
        if time.monotonic() < end:
            make_apart(run, options)

    with concurrent.futures.ThreadPoolExecutor(options.beside) as pool:
        try:
            list(pool.map(one, [run for run in todo if not run.hogs]))
        except BaseException:
            # Told to stop, or broken: what is under way ends, nothing else begins.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for run in todo:
        if run.hogs and time.monotonic() < end:
            make(run, options, play)


def check(runs, options):
    """Has spate check the scenario of each run; 1 when it refuses one."""
    refused = 0
    with tempfile.TemporaryDirectory(prefix="spate-check-") as folder:
        for run in runs:
            url = ("https" if run.clients.tls else "http") + "://127.0.0.1:8080"
            metrics = "" if options.no_probes else "http://127.0.0.1:8081/metrics"
            stand.write(folder, "run.yaml", scenario.text(run, url, metrics, 8080, folder))
            done = subprocess.run(
                [os.path.abspath(options.spate), "check", "run.yaml"], cwd=folder, capture_output=True, text=True)
            if done.returncode:
                refused += 1
                print(f"{run.id}: {done.stderr.strip()}", flush=True)
    print(f"{len(runs) - refused} of {len(runs)} scenarios are right")
    return 1 if refused else 0


def write_table(runs):
    found = [read(run.id) for run in runs]
    text = table.render([one for one in found if one], len(runs))
    keep(text, f"{FOLDER}/README.md")
    print(f"{FOLDER}/README.md")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spate", default=os.environ.get("SPATE", f"{stand.ROOT}/.build/release/spate"))
    parser.add_argument("--only", default="", help="a regular expression for names")
    parser.add_argument("--again", default="", help="forgets summaries whose names match")
    parser.add_argument("--hours", type=float, default=0, help="begins no run after so many hours")
    parser.add_argument("--count", type=int, default=0, help="plays so many runs and no more")
    parser.add_argument("--explain", action="store_true", help="explains kept runs again; runs nothing")
    parser.add_argument("--list", action="store_true", help="lists the catalogue")
    parser.add_argument("--show", default="", help="prints the scenario of a run")
    parser.add_argument("--check", action="store_true", help="has spate check every scenario; runs nothing")
    parser.add_argument("--no-probes", action="store_true", help="samples no server: both answers are then the clients'")
    parser.add_argument("--beside", type=int, default=1, help="plays so many runs at a time")
    parser.add_argument("--beside-now", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--no-page", action="store_true", help="leaves the page as it is")
    parser.add_argument("--table", action="store_true", help="writes the page only")
    options = parser.parse_args()
    # Targets are taken down by what `with` does, which a signal's own way of ending a program skips.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    runs = catalogue_more.runs()
    os.makedirs(f"{FOLDER}/runs", exist_ok=True)
    if options.show:
        run = next((run for run in runs if run.id == options.show), None)
        if run is None:
            sys.exit(f"there is no run {options.show}; --list names them")
        print(scenario.text(run, "http://127.0.0.1:8080", "http://127.0.0.1:8081/metrics", 8080))
        print(f"# {run.target}: {json.dumps(run.server)} faults: {run.faults}")
        return
    if options.check:
        sys.exit(check([run for run in runs if re.search(options.only, run.id)], options))
    if options.again:
        for run in runs:
            if re.search(options.again, run.id) and os.path.exists(path(run.id)):
                os.remove(path(run.id))
    wanted = [run for run in runs if re.search(options.only, run.id)]
    missing = [run for run in wanted if (read(run.id) or {"failed": ""}).get("failed") is not None]
    todo, maker = missing, play
    if options.explain:
        todo, maker = [run for run in wanted if kept.has(run.id)], explain_kept
    if options.list:
        for run in wanted:
            print(f"{'missing' if run in missing else 'made   '} {run.block:10} {run.id}  {' + '.join(run.truth)}")
        print(f"{len(wanted) - len(missing)} of {len(wanted)} made, "
              f"{sum(run.load.seconds + 10 for run in missing) / 3600:.1f} h left")
        return
    if not options.table:
        todo = todo[:options.count or None]
        end = time.monotonic() + 3600 * (options.hours or 1000)
        if options.beside > 1 and maker is play:
            make_beside(todo, options, end)
        else:
            for number, run in enumerate(todo):
                if time.monotonic() < end:
                    print(f"{number + 1}/{len(todo)} {run.id}", flush=True)
                    make(run, options, maker)
    if not options.no_page:
        write_table(runs)


def told(made):
    """A run's summary in a line."""
    words = [f"truth {made['truth']['mechanism']}"]
    for mode in ("client", "server"):
        first = made[mode]["ranking"][0] if made[mode]["ranking"] else ["-", 0]
        words.append(f"{mode} {made[mode]['grade']} {first[0]} {first[1]:.2f}")
    return ", ".join(words)


if __name__ == "__main__":
    main()
