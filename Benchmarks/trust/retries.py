#!/usr/bin/env python3
"""Do apps and people try again when the formulas say, and no more often?

A server of its own, in this process, fails by a script and keeps a log of when each request came
and was answered. The waits between an answer and the next attempt are held against each policy's
formula: exactly where nothing is drawn (median within 5 ms), by Kolmogorov and Smirnov where
jitter is (1.63, the 1 % limit). Failures of a share f, spread evenly, must make
A = (1 - f^(R+1))/(1 - f) attempts per request within 3 %; budgets are counted and never exceeded;
people press again after the app has given up, and the two layers multiply.
"""
import asyncio
import bisect
import collections
import json
import math
import threading
import time

import stand

BASE = 0.4
POLICIES = {
    # name: (the policy, what attempt n + 1 waits for: fixed seconds, or a range given the wait before)
    "constant": ("delay: 400ms", lambda n, before: BASE),
    "exponential": ("delay: 400ms, backoff: exponential", lambda n, before: BASE * 2 ** n),
    "capped": ("delay: 400ms, backoff: exponential, maxDelay: 600ms", lambda n, before: min(0.6, BASE * 2 ** n)),
    "full": ("delay: 400ms, backoff: exponential, jitter: full", lambda n, before: (0, BASE * 2 ** n)),
    "equal": (
        "delay: 400ms, backoff: exponential, jitter: equal",
        lambda n, before: (BASE * 2 ** n / 2, BASE * 2 ** n),
    ),
    "decorrelated": (
        "delay: 400ms, backoff: decorrelated",
        lambda n, before: (BASE, 3 * (before or BASE)),
    ),
    "retry-after": ("delay: 400ms", lambda n, before: 1.0),
    "retry-after-capped": ("delay: 400ms, maxRetryAfter: 600ms", lambda n, before: 0.6),
    "retry-after-ignored": ("delay: 400ms, honorRetryAfter: false", lambda n, before: BASE),
}
SHARES = [(f, retries) for f in (0.2, 0.5, 0.9) for retries in (1, 3)]
# Irrational steps spread failures evenly over requests, each attempt of its own.
STEPS = [math.sqrt(2), math.sqrt(3), math.sqrt(5), math.sqrt(7)]
BUDGETS = {
    "sre": "sre, shared: true",
    "finagle": "finagle, shared: true",
    "aws": "aws, shared: true",
    "own": "aws, tokens: 20",
}
CLIENTS = 5

OPEN = """  {name}:
    executor: constant-arrival-rate
    rate: {rate}/s
    duration: {seconds}s
    gracefulStop: 30s
    clients: {{ reuse: 100000 }}
    retry: {{ max: {retries}, {policy} }}
{more}    flow: [ {{ post: {{ url: /{name}, name: {name}, json: {{ n: "{{{{ $seq }}}}" }} }} }} ]
"""
CLOSED = """  {name}:
    executor: constant-vus
    vus: {clients}
    duration: {seconds}s
    retry: {{ max: 3, delay: 20ms, budget: {{ kind: {budget} }} }}
    flow:
      - think: 100ms
      - post: {{ url: /{name}, name: {name}, json: {{ n: "{{{{ $seq }}}}" }} }}
"""


def scenario(url, options):
    text = f"version: 1\nname: Retries\ntarget: {url}\nhttp: {{ timeout: 10s }}\nscenarios:\n"
    rate, seconds = options.rate, options.seconds
    for name, (policy, _) in POLICIES.items():
        text += OPEN.format(name=name, rate=rate, seconds=seconds, retries=3, policy=policy, more="")
    for f, retries in SHARES:
        text += OPEN.format(name=share_name(f, retries), rate=rate, seconds=seconds, retries=retries,
                            policy="delay: 20ms", more="")
    for name, budget in BUDGETS.items():
        if name == "own":
            text += CLOSED.format(name="budget-own", clients=CLIENTS, seconds=seconds, budget=budget)
            continue
        text += OPEN.format(name=f"budget-{name}", rate=rate, seconds=seconds, retries=3,
                            policy=f"delay: 20ms, budget: {{ kind: {budget} }}", more="")
    text += OPEN.format(name="people", rate=rate, seconds=seconds, retries=2, policy="delay: 20ms",
                        more="    pressAgain: { max: 2, after: 500ms }\n")
    text += OPEN.format(name="impatient", rate=rate, seconds=seconds, retries=50, policy="delay: 200ms",
                        more="    patience: 1s\n")
    return text.replace("http: { timeout: 10s }", "http: { timeout: 10s, connectTimeout: 900ms }")


def share_name(f, retries):
    return f"share-{round(f * 10)}-{retries}"


class Server(threading.Thread):
    """Answers by its script on a thread of its own; `log[path][key]` is a list of (came, went)."""

    def __init__(self):
        super().__init__(daemon=True)
        self.log = collections.defaultdict(lambda: collections.defaultdict(list))
        self.ready = threading.Event()
        self.port = None

    def run(self):
        asyncio.run(self.serve())

    async def serve(self):
        self.stop = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self.connection, "127.0.0.1", 0, backlog=4096)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await self.stop.wait()
        server.close()

    def end(self):
        self.loop.call_soon_threadsafe(self.stop.set)
        self.join(5)

    async def connection(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                came = time.monotonic()
                path = head.split(" ", 2)[1].lstrip("/")
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                body = await reader.readexactly(int(fields.get("content-length", "0")))
                entries = self.log[path][fields.get("idempotency-key", "")]
                status, more = self.script(path, len(entries), int(json.loads(body)["n"]))
                # Both ends of an entry are on this clock; the answer leaves at once.
                entries.append((came, time.monotonic()))
                writer.write(f"HTTP/1.1 {status} x\r\n{more}Content-Length: 0\r\n\r\n".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @staticmethod
    def script(path, attempt, number):
        """The status of an attempt, from 0, of a request with that number."""
        if path.startswith("share-"):
            share = int(path.split("-")[1]) / 10
            return (503 if (number * STEPS[attempt % 4] + 0.5) % 1 < share else 200), ""
        return 503, "Retry-After: 1\r\n" if path.startswith("retry-after") else ""


def kolmogorov(values):
    """The root of n times the largest distance from a uniform distribution on [0, 1]."""
    values = sorted(values)
    n = len(values)
    return math.sqrt(n) * max(
        (max((i + 1) / n - v, v - i / n) for i, v in enumerate(values)), default=float("inf"))


def run(options):
    check = stand.Check("Retries, budgets and people (line 3)")
    server = Server()
    server.start()
    server.ready.wait()
    with stand.folder() as folder:
        stand.write(folder, "retries.yaml", scenario(f"http://127.0.0.1:{server.port}", options))
        stand.spate(options, ["run", "retries.yaml", "--out-dir", "out", "-q"], folder, (0, 95))
        report = stand.report(f"{folder}/out")
    server.end()
    for name, (_, formula) in POLICIES.items():
        waits(check, name, server.log[name], formula, options)
    for f, retries in SHARES:
        amplification(check, server.log[share_name(f, retries)], f, retries)
    budgets(check, server.log, options)
    people(check, server.log, options, report)
    return check


def waits(check, name, log, formula, options):
    """The waits of each retry against the policy's formula."""
    wanted = options.rate * options.seconds
    complete = [entries for entries in log.values() if len(entries) == 4]
    check.row(f"{name}: requests with 1 + 3 attempts", f"{len(complete)} of {len(log)}", f"all {wanted}",
              len(complete) == len(log) == wanted)
    exact, drawn = [], collections.defaultdict(list)
    for entries in complete:
        before = None
        for n in range(3):
            wait = entries[n + 1][0] - entries[n][1]
            expected = formula(n, before)
            if isinstance(expected, tuple):
                low, high = expected
                # The way there and back, as it is where nothing is drawn.
                drawn[n].append((wait - low - options.overhead) / (high - low))
            else:
                exact.append(wait - expected)
            before = wait
    if exact:
        exact.sort()
        median = stand.percentile(exact, 0.5)
        if name == "constant":
            options.overhead = median
        check.row(f"{name}: waits beside the formula's, least, median, p99",
                  f"{exact[0] * 1e3:+.2f}, {median * 1e3:+.2f}, {stand.percentile(exact, 0.99) * 1e3:+.2f} ms",
                  "median within 5 ms, none earlier", exact[0] > -0.001 and median < 0.005)
    for n, values in sorted(drawn.items()):
        distance = kolmogorov(values)
        check.row(f"{name}: retry {n + 1}, Kolmogorov-Smirnov of {len(values)}", f"{distance:.2f}", "1.63",
                  distance <= 1.63)


def amplification(check, log, f, retries):
    attempts = sum(len(entries) for entries in log.values()) / max(1, len(log))
    expected = (1 - f ** (retries + 1)) / (1 - f)
    check.row(f"A for f = {f}, R = {retries}: measured, formula", f"{attempts:.4f}, {expected:.4f}", "3 %",
              abs(attempts / expected - 1) <= 0.03)


def budgets(check, log, options):
    requests = options.rate * options.seconds
    for name, limit in (
        ("sre", requests / 9),
        ("finagle", 0.2 * requests + 10 * (10 + options.seconds)),
        ("aws", 100),
        ("own", 4 * CLIENTS),
    ):
        entries = log[f"budget-{name}"]
        retries = sum(len(times) - 1 for times in entries.values())
        # Whoever fails every time spends all that there is.
        ok = 0.5 * limit < retries <= limit if name == "finagle" else limit - 1 <= retries <= limit
        check.row(f"budget {name}: retries of {len(entries)} requests that all fail", retries,
                  f"{limit:.0f}", ok)
    over = finagle_excess(log["budget-finagle"])
    check.row("budget finagle: most retries above 20 % and 100 in any ten seconds", over, "0", over <= 0)


def finagle_excess(log):
    """By how many retries the last ten seconds ever held more than their budget."""
    firsts = sorted(entries[0][0] for entries in log.values())
    retries = sorted(came for entries in log.values() for came, _ in entries[1:])
    worst = -math.inf
    for index, now in enumerate(retries):
        # Finagle forgets in tenths, so that nine seconds are the least that it remembers; a retry
        # comes 20 ms after it was allowed.
        since = now - 9
        spent = index + 1 - bisect.bisect_left(retries, since + 0.1)
        earned = bisect.bisect_right(firsts, now) - bisect.bisect_left(firsts, since - 1)
        worst = max(worst, spent - (0.2 * earned + 100))
    return math.ceil(worst)


def people(check, log, options, report):
    entries = list(log["people"].values())
    whole = sum(len(times) == 9 for times in entries)
    check.row("people: (1 + 2 retries) x (1 + 2 presses) attempts", f"{whole} of {len(entries)}", "all",
              whole == len(entries) == options.rate * options.seconds)
    pauses = sorted(times[n][0] - times[n - 1][1] - 0.5 for times in entries if len(times) == 9 for n in (3, 6))
    median = stand.percentile(pauses, 0.5)
    check.row("people: pause before a press beside 500 ms, median", f"{median * 1e3:+.2f} ms", "5 ms",
              0 <= median <= 0.005)
    stays = sorted(times[-1][0] - times[0][0] for times in log["impatient"].values())
    check.row("impatient: last attempt after the first, p50, max",
              f"{stand.percentile(stays, 0.5):.3f}, {stays[-1]:.3f} s", "below 1 s", 0.7 < stays[-1] < 1.0)
    check.row("impatient: given up", report["totals"]["gave_up"], f"{options.rate * options.seconds}",
              report["totals"]["gave_up"] == options.rate * options.seconds)


PARSER = stand.arguments(__doc__, seconds=20, rate=20)
if __name__ == "__main__":
    stand.alone(run, PARSER)
