#!/usr/bin/env python3
"""Local ports: refused where they cannot suffice, named where they run out, enough from more addresses.

In a network of its own (root is needed) with the usual 28,232 ports and no early reuse, 36,000 new
connections in a minute: refused from one address; late with --force for the kernel's search for a
free port, or refused at its end; all made from eight.
"""
import os
import subprocess
import sys

import stand

INSIDE = "SPATE_TRUST_NAMESPACE"
SOURCES = "127.0.0.2-127.0.0.9"
SCENARIO = """version: 1
name: Ports
target: {url}
http: {{ reuseConnections: false }}
scenarios:
  visitors:
    executor: constant-arrival-rate
    rate: {rate}/s
    duration: {seconds}s
    flow: [ {{ get: / }} ]
"""


def play(options, url, *more):
    """Plays the scenario: the exit code, what was said, and the report if there is one."""
    with stand.folder() as folder:
        stand.write(folder, "ports.yaml",
                    SCENARIO.format(url=url, rate=options.rate, seconds=options.seconds))
        process = stand.start(options, ["run", "ports.yaml", "--out-dir", "out", "-q", *more], folder)
        _, errors = process.communicate()
        made = os.path.exists(f"{folder}/out")
        return process.returncode, errors, stand.report(f"{folder}/out") if made else None


def judge(check, options):
    wanted = options.rate * options.seconds
    with stand.sink() as (_, url):
        code, errors, report = play(options, url)
        check.row("one address: refused", f"exit {code}, {(errors.splitlines() or [''])[0]}",
                  "95, local ports, no directory",
                  code == 95 and report is None and "local ports" in errors)
        code, _, report = play(options, url, "--force")
        outcomes = report["outcomes"]
        check.row("one address, --force: outcomes", outcomes, "", None)
        check.row("one address, --force: verdict", f"exit {code}, {report['validity']['state']}",
                  "95, invalid", code == 95 and report["validity"]["state"] == "invalid")
        sentence = report["verdict"]["sentence"]
        check.row("one address, --force: named", sentence, "limited by local ports, --source",
                  "limited by local ports: " in sentence and "--source " in sentence)
        code, _, report = play(options, url, "--source", SOURCES)
        check.row("eight addresses: outcomes", report["outcomes"], f"2xx: {wanted}",
                  report["outcomes"] == {"2xx": wanted})
        check.row("eight addresses: verdict", f"exit {code}, {report['validity']['state']}", "0",
                  code == 0)


def run(options):
    check = stand.Check("Local ports")
    if os.environ.get(INSIDE):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        for name, value in (("ip_local_port_range", "32768 60999"), ("tcp_tw_reuse", "0")):
            with open(f"/proc/sys/net/ipv4/{name}", "w") as file:
                file.write(value)
        judge(check, options)
    else:
        words = ["unshare", "-n", sys.executable, os.path.abspath(__file__), "--spate", options.spate,
                 "--rate", str(options.rate), "--seconds", str(options.seconds)]
        status = subprocess.run(words, env={**os.environ, INSIDE: "1"}).returncode
        check.row("in a network of its own", f"exit {status}", "0", status == 0)
    return check


PARSER = stand.arguments(__doc__, rate=600, seconds=60)
if __name__ == "__main__":
    stand.alone(run, PARSER)
