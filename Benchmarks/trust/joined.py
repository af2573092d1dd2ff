#!/usr/bin/env python3
"""Are recorded latencies those of an independent clock?

delay.c delays each answer by 1, 10, 100 or 1,000 ms, chosen by the request's id, and keeps a log of
its own times. `spate run -o attempts` lists every attempt with the same id. Joined one by one: the
median difference is at most 0.3 ms; p50 and p90 differ by at most 1 % or 0.3 ms, p99 by 3 % or
2 ms, in the report as in the list; and no request is missing on either side.
"""
import collections

import stand

FLOW = '[ { post: { url: /, json: { tip: "{{ $seq }}" } } } ]'


def read_log(path):
    """The server's own times by id: (came, went, delay) in nanoseconds."""
    found = collections.defaultdict(list)
    with open(path) as file:
        for line in file:
            key, came, went, delay = line.split()
            found[key].append((int(came), int(went), int(delay) * 1000))
    return found


def run(options):
    check = stand.Check("An independent clock (line 6)")
    with stand.folder() as folder:
        with stand.delay("mixture", f"{folder}/server.log") as url:
            stand.write(folder, "joined.yaml",
                        stand.open_scenario("Joined", url, options.rate, options.seconds, FLOW))
            words = ["run", "joined.yaml", "--out-dir", "out", "-q", "-o", "attempts"]
            stand.spate(options, words, folder, (0, 95))
        server = read_log(f"{folder}/server.log")
        rows = list(stand.lines(f"{folder}/out/journal/attempts.ndjson"))
        report = stand.report(f"{folder}/out")
    compare(check, options, server, rows, report)
    return check


def compare(check, options, server, rows, report):
    wanted = options.rate * options.seconds
    keys = {row["key"] for row in rows}
    twice = sum(len(times) > 1 for times in server.values()) + len(rows) - len(keys)
    missing = (len(keys - server.keys()), len(server.keys() - keys))
    check.row("requests: planned, listed, answered", f"{wanted}, {len(rows)}, {len(server)}", "all the same",
              wanted == len(rows) == len(server))
    check.row("missing at the server, in the list; double", f"{missing[0]}, {missing[1]}; {twice}", "0, 0; 0",
              missing == (0, 0) and twice == 0)
    differences, own, ours = [], [], []
    for row in rows:
        for came, went, _ in server.get(row["key"], [])[:1]:
            own.append((went - came) / 1e6)
            ours.append(row["service"])
            differences.append(abs(row["service"] - (went - came) / 1e6))
    differences.sort()
    own.sort()
    ours.sort()
    median = stand.percentile(differences, 0.5)
    check.row("median difference, joined one by one", stand.ms(median), "0.3 ms", median <= 0.3)
    check.row("p99 of the differences", stand.ms(stand.percentile(differences, 0.99)), "", None)
    reported = report["classes"]["genuine"]["service_ms"]
    for name, share, relative, absolute in (
        ("p50", 0.5, 0.01, 0.3), ("p90", 0.9, 0.01, 0.3), ("p99", 0.99, 0.03, 2)
    ):
        truth = stand.percentile(own, share)
        listed = stand.percentile(ours, share)
        limit = max(relative * truth, absolute)
        ok = abs(listed - truth) <= limit and abs(reported[name] - truth) <= limit
        check.row(f"{name}: the server's own, listed, reported",
                  f"{truth:.3f}, {listed:.3f}, {reported[name]:.3f} ms", f"within {limit:.2f} ms", ok)
    response = report["classes"]["genuine"]["response_ms"]
    check.row("response time beside it: p50, p90, p99",
              ", ".join(stand.ms(response[name]) for name in ("p50", "p90", "p99")), "", None)


PARSER = stand.arguments(__doc__, seconds=60, rate=1000)
if __name__ == "__main__":
    stand.alone(run, PARSER)
