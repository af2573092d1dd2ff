#!/usr/bin/env python3
"""What does a server that freezes look like?

Stops sink.c (SIGSTOP) for a sixth of a run at 200/s. Those who arrive meanwhile wait for up to the
whole stop: with an open loop the p99 of the response time lies between 0.85 and 1 of it (2,000 of
12,000 arrivals wait for 0 to 10 s, evenly: 9.4 s in theory). A closed loop sees one slow answer per
client and its p99 is that of a healthy server; the report has to say so.
"""
import json
import signal
import threading
import time

import stand

OPEN = """version: 1
name: Frozen
target: {url}
http: {{ timeout: 30s }}
scenarios:
  visitors:
    executor: constant-arrival-rate
    rate: 200/s
    duration: {seconds}s
    gracefulStop: 30s
    flow: [ {{ get: / }} ]
"""
CLOSED = """version: 1
name: Frozen
target: {url}
http: {{ timeout: 30s }}
scenarios:
  visitors:
    executor: constant-vus
    vus: 20
    duration: {seconds}s
    flow: [ {{ get: / }}, {{ think: 100ms }} ]
"""


def freezing(server, begin, length):
    """Stops the server after a while, for a while."""

    def work():
        time.sleep(begin)
        server.send_signal(signal.SIGSTOP)
        time.sleep(length)
        server.send_signal(signal.SIGCONT)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def played(options, scenario, name):
    """Plays a scenario against a server that freezes; its report, and the text for people."""
    with stand.sink() as (server, url), stand.folder() as folder:
        stand.write(folder, "frozen.yaml", scenario.format(url=url, seconds=options.seconds))
        thread = freezing(server, options.seconds / 3, options.seconds / 6)
        stand.spate(options, ["run", "frozen.yaml", "--out-dir", "out", "-q"], folder, (0, 95))
        thread.join()
        with open(f"{folder}/out/report.md") as file:
            text = file.read()
        return stand.report(f"{folder}/out"), text


def hit(options, words, form):
    with stand.sink() as (server, url):
        thread = freezing(server, options.seconds / 3, options.seconds / 6)
        words = ["hit", url + "/", "-z", f"{options.seconds}s", "-t", "30s", *words, *form]
        output = stand.spate(options, words, ".", (0, 95))
        thread.join()
        return output


def run(options):
    check = stand.Check("A frozen server (line 5)")
    stop = options.seconds / 6 * 1000
    limits = (0.85 * stop, stop)
    allowed = f"{limits[0] / 1000:.2f} to {limits[1] / 1000:.2f} s"

    report, text = played(options, OPEN, "open")
    figures = report["classes"]["genuine"]
    p99 = figures["response_ms"]["p99"]
    check.row("run, open loop: response p99", stand.ms(p99), allowed, p99 and limits[0] <= p99 <= limits[1])
    check.row("run, open loop: service p99 beside it", stand.ms(figures["service_ms"]["p99"]), "in report.md",
              "service p99" in text)
    check.row("run, open loop: dropped", report["totals"]["dropped"], "0", report["totals"]["dropped"] == 0)

    result = json.loads(hit(options, ["-q", "200", "-c", "4000"], ["--json"]))
    p99 = result["latency_ms"]["p99"]
    check.row("hit -q 200 -c 4000: response p99", stand.ms(p99), allowed, limits[0] <= p99 <= limits[1])
    check.row("hit -q 200 -c 4000: service p99 beside it", stand.ms(result["service_ms"]["p99"]), "", None)

    report, text = played(options, CLOSED, "closed")
    figures = report["classes"]["genuine"]
    says = "Closed loop: visitors." in text and any(
        gate["id"] == "V4" and "in no percentile" in gate["detail"] for gate in report["validity"]["gates"])
    check.row("run, constant-vus: response p99, max",
              f"{stand.ms(figures['response_ms']['p99'])}, {stand.ms(figures['response_ms']['max'])}", "", None)
    check.row("run, constant-vus: the report says what it cannot see", "yes" if says else "no", "yes", says)
    says = "closed loop" in hit(options, ["-c", "20"], [])
    check.row("hit -c 20: its text says so too", "yes" if says else "no", "yes", says)
    return check


PARSER = stand.arguments(__doc__, seconds=60)
if __name__ == "__main__":
    stand.alone(run, PARSER)
