#!/usr/bin/env python3
"""Does telemetry cost the load anything?

Plays the same open loop against sink.c, by turns without telemetry, with three collectors that
accept and never answer, and with one that works. Compares, as medians over the rounds, the median
delay of starts behind the schedule (report.json) and the processor time of spate per request (its
own, by wait4), which counts the encoding of what is sent. Nothing may be dropped.

Allowed with the collectors that hang: 10 % more delay, 5 % more processor time. The order turns
round with every round, so that a machine that drifts favours nobody.
"""
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{os.path.dirname(HERE)}/trust")
import stand  # noqa: E402


@contextlib.contextmanager
def stuck():
    """Accepts connections and never says a word; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    kept = []

    def accept():
        while True:
            try:
                kept.append(listener.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in kept:
            connection.close()


@contextlib.contextmanager
def working():
    """Takes whatever is posted, at next to no cost; yields its port."""
    port = stand.free_port()
    with stand.target([stand.compiled(f"{stand.ROOT}/Benchmarks/sink.c"), str(port)], port):
        yield port


def play(options, folder, url, words, name):
    """Delay in ms, processor time in us per request, dropped, of one run."""
    text = stand.open_scenario("Cost", url, options.rate, options.seconds)
    stand.write(folder, "cost.yaml", text)
    process = subprocess.Popen(
        ["taskset", "-c", str(stand.cores()[1]), os.path.abspath(options.spate), "run", "cost.yaml",
         "--out-dir", name, "--no-probes", "-q", *words],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    report = stand.report(f"{folder}/{name}")
    totals = report["totals"]
    return {
        "delay": report["generator"]["schedule_delay_ms"]["p50"],
        "cpu": (usage.ru_utime + usage.ru_stime) * 1e6 / totals["attempts"],
        "dropped": totals["dropped"], "status": process.returncode,
        "lost": sum(export["lost"] for export in report.get("telemetry") or []),
        "sent": sum(export["sent"] for export in report.get("telemetry") or []),
    }


def run(options):
    check = stand.Check("Telemetry costs the load nothing (line 8)")
    with stand.folder() as folder, contextlib.ExitStack() as stack:
        _, url = stack.enter_context(stand.sink())
        hang = [stack.enter_context(stuck()) for _ in range(3)]
        works = stack.enter_context(working())
        kinds = ("otlp", "prometheus", "influx")
        variants = {
            "none": [],
            "hanging": [word for kind, port in zip(kinds, hang)
                        for word in ("--telemetry", f"{kind}=http://127.0.0.1:{port}")],
            "working": ["--telemetry", f"otlp=http://127.0.0.1:{works}"],
        }
        play(options, folder, url, [], "warm")
        rows = {name: [] for name in variants}
        for turn in range(options.rounds):
            order = list(variants) if turn % 2 == 0 else list(variants)[::-1]
            for name in order:
                row = play(options, folder, url, variants[name], f"{name}-{turn}")
                rows[name].append(row)
                print(f"{turn + 1} {name}: delay {row['delay']:.4f} ms, {row['cpu']:.2f} us a request, "
                      f"sent {row['sent']}, lost {row['lost']}", flush=True)
        judge(check, rows)
    return check


def judge(check, rows):
    median = {
        name: {key: statistics.median(row[key] for row in list_) for key in ("delay", "cpu")}
        for name, list_ in rows.items()
    }
    for name in ("hanging", "working"):
        for key, unit, limit in (("delay", "ms", 1.10), ("cpu", "us", 1.05)):
            ratio = median[name][key] / median["none"][key]
            allowed = f"below {limit}" if name == "hanging" else ""
            check.row(f"{name}: median {key} {median['none'][key]:.4f} -> {median[name][key]:.4f} {unit}",
                      f"{ratio:.3f}", allowed, ratio < limit if name == "hanging" else None)
    dropped = sum(row["dropped"] for list_ in rows.values() for row in list_)
    check.row("dropped in all runs", dropped, "0", dropped == 0)
    lost = [row["lost"] for row in rows["hanging"]]
    check.row("hanging: seconds lost, all counted", min(lost), "three times the run's", min(lost) > 0)
    sent = [(row["sent"], row["lost"]) for row in rows["working"]]
    check.row("working: seconds sent, lost", sent[0], "lost 0", all(lost == 0 for _, lost in sent))


if __name__ == "__main__":
    stand.alone(run, stand.arguments(__doc__, rounds=10, rate=2000, seconds=20))
