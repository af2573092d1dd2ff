"""Whether anybody could notice a fault, and what a run's seconds look like.

By docs/validation.md: goodput down by at least 5 % of the load, or response times up by half, for at
least 10 s, against the seconds before. In the reference study of such benchmarks only 1,430 of 9,152
injected faults had a visible effect; the others are no test of a diagnosis.
"""
from validation import stats

BASELINE = 15


def seconds(report):
    """The rows of report.json's series in which people's requests ended."""
    return [row for row in report["series"] if row["t"] < planned(report)]


def planned(report):
    """The end of the planned load: the last second in which somebody arrived, and one."""
    busy = [row["t"] for row in report["series"] if row["offered"] > 0]
    return max(busy) + 1 if busy else 0


def share(row):
    return row["good"] / row["done"] if row["done"] else None


def baseline(rows):
    return [row for row in rows if row["t"] < BASELINE]


def has_impact(report):
    """Whether clients could notice anything."""
    return len(bad_seconds(seconds(report))) >= 10


def bad_seconds(rows):
    """The seconds after the baseline in which goodput or times were clearly worse than in it."""
    before = baseline(rows)
    shares = [share(row) for row in before if share(row) is not None]
    times = [row["p50"] for row in before if row["p50"] is not None]
    if not shares:
        return []
    usual = stats.median(shares)
    # The series has no p95; the median is the steadier of the two quantiles it has.
    slow = 1.5 * stats.median(times) if times else None
    # Time to answer a bare request varies by more than half on a busy machine; below 5 ms nobody notices.
    floor = 5.0
    found = []
    for row in rows:
        if row["t"] < BASELINE or row["done"] < 3 and not row["in_flight"]:
            continue
        good = share(row)
        lost = good is not None and good < 0.95 * usual
        silent = row["done"] == 0 and row["in_flight"] > 0
        late = slow is not None and row["p50"] is not None and row["p50"] > max(slow, floor)
        if lost or silent or late:
            found.append(row["t"])
    return found


def stayed_down(report, first, last):
    """Whether most of what was asked for in a stretch was not done; None where nothing was."""
    rows = [row for row in seconds(report) if first <= row["t"] < last]
    offered = sum(row["offered"] for row in rows)
    good = sum(row["good"] for row in rows)
    return good < 0.5 * offered if offered else None


def began(report):
    """The first second of the first ten that were bad, at most two good ones between; None without."""
    bad = bad_seconds(seconds(report))
    for first in bad:
        if sum(1 for second in bad if first <= second < first + 12) >= 10:
            return first
    return None
