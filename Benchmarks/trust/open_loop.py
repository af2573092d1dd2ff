#!/usr/bin/env python3
"""Are arrivals started when the plan says?

Plays an open loop at a rate against sink.c on another core, with `spate run` and `spate hit -q`.
Nothing may be dropped; the median delay behind the schedule is at most 0.2 ms; its p99 at most
1.5 times, or 1 ms above, the p99 of the reference thread that ticks in the same process in the
same run: a bare timer, the best that this machine can do. The p99 may fail in one round of five.
"""
import json
import math

import stand


def by_run(options, url, rate):
    with stand.folder() as folder:
        stand.write(folder, "open.yaml", stand.open_scenario("Open loop", url, rate, options.seconds))
        # 95: a busy machine makes a run suspect; the figures are what is judged here.
        stand.spate(options, ["run", "open.yaml", "--out-dir", "out", "-q"], folder, (0, 95))
        report = stand.report(folder + "/out")
    totals, punctual = report["totals"], report["generator"]
    return totals["attempts_completed"], totals["dropped"], punctual["schedule_delay_ms"], punctual["reference_ms"]


def by_hit(options, url, rate):
    words = ["hit", url + "/", "-q", str(rate), "-z", f"{options.seconds}s", "-c", str(rate), "--json"]
    result = json.loads(stand.spate(options, words, ".", (0, 95)))
    return result["completed"], result["dropped"], result["schedule_delay_ms"], result["reference_ms"]


KINDS = {"run": ("run", by_run), "hit": ("hit -q", by_hit)}


def run(options):
    check = stand.Check("Schedule kept (line 4)")
    with stand.sink() as (_, url):
        for rate in (int(rate) for rate in options.rates.split(",")):
            for kind in options.kinds.split(","):
                name, play = KINDS[kind]
                judge(check, f"{name} {rate}/s", options, lambda: play(options, url, rate), rate)
    return check


def judge(check, name, options, play, rate):
    """Plays the rounds of one case and notes what came of them."""
    kept, medians, dropped, missing = 0, [], 0, 0
    tails = []
    for _ in range(options.rounds):
        completed, lost, delay, reference = play()
        dropped += lost
        missing += rate * options.seconds - completed
        medians.append(delay["p50"])
        limit = max(1.5 * reference["p99"], reference["p99"] + 1)
        kept += delay["p99"] <= limit
        tails.append((delay["p99"], reference["p99"], delay["p999"], reference["p999"]))
        print(
            f"     {name}: delay p50 {delay['p50']:.3f} p99 {delay['p99']:.3f} p99.9 {delay['p999']:.3f}"
            f" max {delay['max']:.3f}; reference p50 {reference['p50']:.3f} p99 {reference['p99']:.3f}"
            f" p99.9 {reference['p999']:.3f} max {reference['max']:.3f} ms",
            flush=True,
        )
    check.row(f"{name}: dropped, missing", f"{dropped}, {missing}", "0, 0", dropped == 0 and missing == 0)
    worst = max(medians)
    check.row(f"{name}: worst median delay", stand.ms(worst), "0.2 ms", worst <= 0.2)
    wanted = math.ceil(0.8 * options.rounds)
    check.row(f"{name}: rounds with p99 within the reference's limit", f"{kept} of {options.rounds}",
              f"at least {wanted}", kept >= wanted)
    middle = sorted(tails)[len(tails) // 2]
    check.row(f"{name}: p99, reference's; p99.9, reference's (of the median round)",
              "{:.2f}, {:.2f}; {:.2f}, {:.2f} ms".format(*middle), "", None)


PARSER = stand.arguments(__doc__, seconds=60, rounds=5, rates="500,5000", kinds="run,hit")
if __name__ == "__main__":
    stand.alone(run, PARSER)
