#!/usr/bin/env python3
"""Are slow, silent and failing name servers measured as such, and nobody else delayed by them?

In namespaces of its own (root is needed) this program is the name server of /etc/resolv.conf.
`slow.test` is found after 600 ms; `late.test` and `gone.test` are found before the run and then
never answered, or said not to exist. Every connection looks its name up again (`dns: {ttl: 0s}`).
Beside them a population visits 127.0.0.1 by number: none of its requests may wait for a lookup.
"""
import os
import socket
import struct
import subprocess
import sys
import threading
import time

import stand

DELAY = 0.6
INSIDE = "SPATE_TRUST_NAMESPACE"
SCENARIO = """version: 1
name: Names
target: http://{name}:{port}
http: {{ reuseConnections: false, connectTimeout: 2s, timeout: 4s, dns: {{ ttl: 0s }} }}
scenarios:
  named:
    executor: constant-arrival-rate
    rate: 4/s
    duration: {seconds}s
    flow: [ {{ get: / }} ]
  numbered:
    executor: constant-arrival-rate
    rate: 100/s
    duration: {seconds}s
    flow: [ {{ get: "http://127.0.0.1:{port}/" }} ]
"""


class NameServer:
    """Answers queries on 127.0.0.1:53, each on a thread of its own."""

    def __init__(self):
        self.asked = {}
        self.lock = threading.Lock()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            query, peer = self.socket.recvfrom(512)
            threading.Thread(target=self.answer, args=(query, peer), daemon=True).start()

    def answer(self, query, peer):
        name, end = "", 12
        while query[end]:
            name += query[end + 1:end + 1 + query[end]].decode() + "."
            end += 1 + query[end]
        kind = struct.unpack("!H", query[end + 1:end + 3])[0]
        with self.lock:
            count = self.asked[name, kind] = self.asked.get((name, kind), 0) + 1
        if name == "slow.test.":
            time.sleep(DELAY)
        # Consent looks the name up once, before the run.
        if name == "late.test." and count > 1:
            return
        missing = name == "gone.test." and count > 1
        found = kind == 1 and not missing
        flags = 0x8183 if missing else 0x8180
        head = query[:2] + struct.pack("!HHHHH", flags, 1, int(found), 0, 0)
        record = struct.pack("!HHHIH", 0xC00C, 1, 1, 0, 4) + socket.inet_aton("127.0.0.1")
        self.socket.sendto(head + query[12:end + 5] + (record if found else b""), peer)


def play(options, name, port):
    """Plays the scenario; the attempts of the two populations."""
    with stand.folder() as folder:
        stand.write(folder, "names.yaml", SCENARIO.format(name=name, port=port, seconds=options.seconds))
        words = ["run", "names.yaml", "--out-dir", "out", "-q", "-o", "attempts",
                 "--allow-host", name, "--i-own-this-host"]
        stand.spate(options, words, folder, (0, 95))
        rows = list(stand.lines(f"{folder}/out/journal/attempts.ndjson"))
    return [row for row in rows if row["population"] == 0], [row for row in rows if row["population"] == 1]


def outcomes(rows):
    counts = {}
    for row in rows:
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
    return counts


def judge(check, options, port):
    wanted = 4 * options.seconds
    named, numbered = play(options, "slow.test", port)
    lookups = sorted(row["timings"].get("lookup", 0) for row in named)
    check.row("slow.test: outcomes", outcomes(named), f"201: {wanted}", outcomes(named) == {"201": wanted})
    if lookups:
        check.row("slow.test: lookup, least and median", f"{lookups[0]:.0f}, {lookups[len(lookups) // 2]:.0f} ms",
                  f"at least {DELAY * 1000:.0f}, below {DELAY * 1000 + 100:.0f}",
                  lookups[0] >= DELAY * 1000 and lookups[len(lookups) // 2] < DELAY * 1000 + 100)
    beside(check, "slow.test", numbered)
    for name, outcome in (("late.test", "dns_timeout"), ("gone.test", "dns")):
        named, numbered = play(options, name, port)
        check.row(f"{name}: outcomes", outcomes(named), f"{outcome}: {wanted}",
                  outcomes(named) == {outcome: wanted})
        beside(check, name, numbered)


def beside(check, name, numbered):
    times = sorted(row["response"] for row in numbered)
    if times:
        check.row(f"beside {name}, by number: median and p99", f"{times[len(times) // 2]:.1f}, "
                  f"{stand.percentile(times, 0.99):.1f} ms", "p99 below 100 ms", stand.percentile(times, 0.99) < 100)


def run(options):
    check = stand.Check("Slow and failing names")
    if os.environ.get(INSIDE):
        NameServer()
        with stand.sink() as (_, url):
            judge(check, options, int(url.rpartition(":")[2]))
        return check
    with stand.folder() as folder:
        stand.write(folder, "resolv.conf", "nameserver 127.0.0.1\noptions timeout:10 attempts:1\n")
        shell = f"ip link set lo up && mount --bind {folder}/resolv.conf /etc/resolv.conf && exec \"$@\""
        words = [sys.executable, os.path.abspath(__file__), "--spate", options.spate, "--seconds", str(options.seconds)]
        status = subprocess.run(
            ["unshare", "-n", "-m", "sh", "-c", shell, "sh", *words], env={**os.environ, INSIDE: "1"}).returncode
    check.row("inside its namespaces", f"exit {status}", "0", status == 0)
    return check


PARSER = stand.arguments(__doc__, seconds=6)
if __name__ == "__main__":
    stand.alone(run, PARSER)
