#!/usr/bin/env python3
"""Do simulated phones' networks do what was planned, by the server's own clock?

arrivals.c notes when bytes and connections came. Against it: 200 phones at 1 Mbit/s up, and down;
rates from 64 kbit/s to 100 Mbit/s in one run; 8,000 uploads at 64 kbit/s at once, with their
memory and processor time; then round trips, stalls and lost connections against the times that
this program reckons from the seed by itself (counter-based draws, written anew here).

    Benchmarks/trust/shaping.py                       everything, about four minutes
    Benchmarks/trust/shaping.py --parts rates,thousands
"""
import contextlib
import math
import os
import statistics
import time

import stand

MASK = (1 << 64) - 1
UP = """version: 1
target: {url}
http: {{ timeout: 120s, connectTimeout: 30s }}
seed: 11
scenarios:
{populations}"""
POPULATION = """  {name}:
    executor: constant-vus
    vus: {vus}
    duration: {seconds}s
    gracefulStop: 30s
    clients: {{ network: {{ {network} }} }}
    flow: [ {step} ]
"""
POST = "{{ post: {{ url: /{name}, body: {{ generate: random, size: {size}, unique: false }} }} }}"


# MARK: The draws, as docs and code define them, written anew.

def mix(value):
    value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ value >> 27) * 0x94D049BB133111EB) & MASK
    return value ^ value >> 31


class Draws:
    """The uniform draws of one phone's network."""

    def __init__(self, seed, population, intent, purpose=20):
        mixed = mix((seed + 0x9E3779B97F4A7C15) & MASK)
        mixed = mix(mixed ^ (population + 0xA24BAED4) & MASK)
        mixed = mix(mixed ^ intent)
        self.key = mix(mixed ^ (purpose * 0xD1B54A32D192ED03) & MASK)

    def __getitem__(self, n):
        return (mix((self.key + n * 0x9E3779B97F4A7C15) & MASK) >> 11) * 2.0**-53


def gap(draws, n, mean):
    return max(1e-3, -mean * math.log(1 - draws[64 + n * 8]))


# MARK: The server's log

@contextlib.contextmanager
def server(folder, gap_ms=150):
    """Runs arrivals.c; the log is there when this has ended."""
    port = stand.free_port()
    with stand.target([stand.compiled(f"{stand.HERE}/arrivals.c"), str(port), f"{folder}/log", str(gap_ms)], port):
        yield f"http://127.0.0.1:{port}"


def read(folder):
    """Requests and gaps as tuples of numbers (the path as text), and when connections ended."""
    requests, gaps, ends = [], [], {}
    with open(f"{folder}/log") as file:
        for line in file:
            kind, *words = line.split()
            if kind == "end":
                ends[int(words[0])] = int(words[1])
            else:
                row = (int(words[0]), words[1], *map(int, words[2:]))
                (requests if kind == "request" else gaps).append(row)
    return requests, gaps, ends


def play(options, folder, populations, words=(), watch=None, gap_ms=150):
    """Plays populations against the server; what `watch` saw of the process meanwhile."""
    with server(folder, gap_ms) as url:
        stand.write(folder, "network.yaml", UP.format(url=url, populations="".join(populations)))
        process = stand.start(
            options, ["run", "network.yaml", "--out-dir", "out", "-q", *words], folder)
        seen = watch(process) if watch else None
        _, errors = process.communicate()
        if process.returncode not in (0, 95, 99):
            raise SystemExit(f"spate exited {process.returncode}: {errors}")
    return seen


def population(name, vus, seconds, network, size=None, step=None):
    return POPULATION.format(
        name=name, vus=vus, seconds=seconds, network=network,
        step=step or POST.format(name=name, size=size))


class Usage:
    """Processor time and memory of a process between two moments."""

    def __init__(self, begin, end):
        self.begin, self.end = begin, end

    def __call__(self, process):
        def cpu():
            with open(f"/proc/{process.pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        time.sleep(self.begin)
        before, at = cpu(), time.monotonic()
        time.sleep(self.end - self.begin)
        self.share = (cpu() - before) / (time.monotonic() - at)
        with open(f"/proc/{process.pid}/status") as file:
            self.memory = next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) * 1024
        return self


# MARK: Line 1: rates

def spread(check, name, rates, wanted, mean=0.03, each=0.1):
    """Judges achieved rates (bytes/s) of phones that should have one."""
    if not rates:
        check.row(name, "no request", "some", False)
        return
    errors = [rate / wanted - 1 for rate in rates]
    middle = sum(1 / rate for rate in rates) / len(rates) * wanted - 1
    check.row(f"{name}: mean time", f"{(1 + middle):.4f} of the planned ({len(rates)} transfers)",
              f"within {mean:.0%}", abs(middle) <= mean)
    check.row(f"{name}: each rate", f"{min(errors):+.2%} to {max(errors):+.2%}", f"within {each:.0%}",
              max(map(abs, errors)) <= each)


def uploads(requests, path):
    """Achieved rates of whole uploads: from the request's first byte to its body's last."""
    return [row[6 + 1] / (row[4] - row[3]) * 1e9 for row in requests
            if row[1] == path and row[5] and row[4] > row[3]]


def downloads(requests, ends, path, size):
    """Achieved rates: a request's first byte to the phone's next sign of life."""
    rates, by_connection = [], {}
    for row in requests:
        if row[1] == path:
            by_connection.setdefault(row[0], []).append(row)
    for connection, rows in by_connection.items():
        rows.sort(key=lambda row: row[3])
        for row, after in zip(rows, rows[1:]):
            rates.append(size / (after[3] - row[3]) * 1e9)
    return rates


def two_hundred(check, options):
    for direction in ("up", "down"):
        with stand.folder() as folder:
            if direction == "up":
                crowd = population("up", 200, 13, "uplink: 1Mbit/s", size="500kB")
            else:
                crowd = population("down", 200, 13, "downlink: 1Mbit/s", step="{ get: { url: /down/500000 } }")
            usage = play(options, folder, [crowd], watch=Usage(3, 11))
            requests, _, ends = read(folder)
        rates = uploads(requests, "/up") if direction == "up" else downloads(
            requests, ends, "/down/500000", 500_000)
        spread(check, f"200 x 1 Mbit/s {direction}, 500 kB", rates, 125_000)
        check.row(f"200 x 1 Mbit/s {direction}: processor", f"{usage.share:.1%} of a core", "below 10%",
                  usage.share < 0.1)


MIXED = [("64kbit/s", 8_000, 40), ("256kbit/s", 32_000, 40), ("1Mbit/s", 125_000, 40),
         ("8Mbit/s", 1_000_000, 10), ("100Mbit/s", 12_500_000, 2)]


def mixed(check, options):
    with stand.folder() as folder:
        crowds = [population(f"m{rate}", vus, 9, f"uplink: {text}", size=rate * 4) for text, rate, vus in MIXED]
        play(options, folder, crowds)
        requests, _, _ = read(folder)
    for text, rate, _ in MIXED:
        spread(check, f"mixed in one run, {text}", uploads(requests, f"/m{rate}"), rate)


def thousands(check, options):
    def crowd(count):
        return f"""  slow:
    executor: ramping-vus
    stages: [ {{ duration: 6s, target: {count} }}, {{ duration: 24s, target: {count} }} ]
    gracefulStop: 40s
    clients: {{ network: {{ uplink: 64kbit/s }} }}
    flow: [ {POST.format(name='slow', size='240kB')} ]
"""
    seen = {}
    for count in (8, options.clients):
        with stand.folder() as folder:
            seen[count] = play(options, folder, [crowd(count)], watch=Usage(12, 27), gap_ms=100_000)
            requests, _, _ = read(folder)
    spread(check, f"{options.clients} x 64 kbit/s", uploads(requests, "/slow"), 8_000)
    usage, base = seen[options.clients], seen[8]
    each = (usage.memory - base.memory) / (options.clients - 8)
    check.row(f"{options.clients} uploads at 64 kbit/s: memory each", f"{each / 1000:.1f} KB", "at most 48 KB",
              each <= 48_000)
    check.row(f"{options.clients} uploads at 64 kbit/s: processor", f"{usage.share:.1%} of a core", "at most 30%",
              usage.share <= 0.3)


# MARK: Line 2: round trips, stalls, lost connections

def delays(check, name, errors, median=50, tail=250):
    """Judges how far (ms) from its planned time each event was seen."""
    if not errors:
        check.row(name, "nothing seen", "some", False)
        return
    sizes = sorted(map(abs, errors))
    check.row(f"{name}: distance from the plan, median and p99", f"{statistics.median(sizes):.2f}, "
              f"{stand.percentile(sizes, 0.99):.2f} ms ({len(sizes)} events)", f"{median}, {tail} ms",
              statistics.median(sizes) <= median and stand.percentile(sizes, 0.99) <= tail)


def open_population(name, seconds, network, step):
    clients = f"\n    clients: {{ network: {{ {network} }} }}" if network else ""
    return f"""  {name}:
    executor: constant-arrival-rate
    rate: 10/s
    duration: {seconds}s
    gracefulStop: 60s{clients}
    flow: [ {step} ]
"""


def round_trips(check, options):
    """Plain phones arrive at the same instants and tell them to the server."""
    def steps(name):
        return ", ".join(f'{{ get: "/{path}/{{{{ $seq }}}}" }}' for path in (name, f"{name}-again"))
    with stand.folder() as folder:
        play(options, folder, [
            open_population("plain", 12, None, steps("plain")),
            open_population("far", 12, "rtt: { uniform: { min: 40ms, max: 600ms } }", steps("far"))])
        requests, _, _ = read(folder)
    by_path = {row[1]: row for row in requests}
    first, again = [], []
    for path, row in by_path.items():
        _, name, number = path.split("/")
        if name != "far" or f"/plain/{number}" not in by_path:
            continue
        # The second population; draw 5 is the round trip.
        trip = 0.04 + 0.56 * Draws(11, 1, options.first + int(number))[5]
        first.append((row[3] - by_path[f"/plain/{number}"][3]) / 1e6 - 1500 * trip)
        if (second := by_path.get(f"/far-again/{number}")):
            again.append((second[3] - row[5]) / 1e6 - 1000 * trip)
    delays(check, "a first request, one and a half round trips after its arrival", first)
    delays(check, "a second request, one round trip after the answer", again)


def interruptions(check, options):
    def step(name):
        body = "{ generate: random, size: 1MB, unique: false }"
        return f'{{ post: {{ url: "/{name}/{{{{ $seq }}}}", body: {body} }} }}'
    with stand.folder() as folder:
        play(options, folder, [
            open_population("stall", 10, "uplink: 1Mbit/s, stall: { every: 4s, for: { uniform: { min: 500ms, max: 2s } } }",
                            step("stall")),
            open_population("lost", 10, "uplink: 1Mbit/s, disconnect: { every: 4s }", step("lost"))])
        requests, gaps, ends = read(folder)
    begins, finishes, missed, lost, survived = [], [], 0, [], 0
    for row in requests:
        _, name, number = row[1].split("/")
        draws = Draws(11, 0 if name == "stall" else 1, options.first + int(number))
        if name == "lost":
            planned = gap_of_disconnect(draws)
            if row[5]:
                survived += planned < (row[4] - row[3]) / 1e9 - 0.25
            else:
                lost.append((ends[row[0]] - row[2]) / 1e6 - planned * 1000)
            continue
        seen = sorted(entry[2:] for entry in gaps if entry[1] == row[1])
        at, n = 0.0, 0
        while True:
            at += gap(draws, n, 4)
            length = 0.5 + 1.5 * draws[64 + n * 8 + 2]
            if row[3] + (at + length) * 1e9 > row[4]:
                break
            wanted = row[3] + at * 1e9
            near = min(seen, key=lambda entry: abs(entry[0] - wanted), default=(0, 0))
            if abs(near[0] - wanted) < 400e6:
                begins.append((near[0] - wanted) / 1e6)
                finishes.append((near[1] - wanted) / 1e6 - length * 1000)
            elif at > 0.1:
                # Before the first chunk, or with less than a chunk between, there is nothing to see.
                missed += 1
            at += length
            n += 1
    delays(check, "stalls begin", begins)
    delays(check, "stalls end", finishes)
    share = missed / max(1, missed + len(begins))
    check.row("stalls not seen as planned", f"{missed} of {missed + len(begins)}", "at most 5%", share <= 0.05)
    delays(check, "connections lost", lost)
    check.row("uploads that outlived their planned end", survived, "0", survived == 0)


def gap_of_disconnect(draws):
    return max(1e-3, -4 * math.log(1 - draws[64 + 4]))


PARTS = {"rates": two_hundred, "mixed": mixed, "thousands": thousands, "trips": round_trips,
         "interruptions": interruptions}


def run(options):
    check = stand.Check("Phones' networks")
    for part in options.parts.split(","):
        PARTS[part](check, options)
    return check


PARSER = stand.arguments(__doc__, parts=",".join(PARTS), clients=8000, first=0)
if __name__ == "__main__":
    stand.alone(run, PARSER)
