"""What answers without thinking would be right about: three baselines, from report.json's series alone."""
from validation import impact, mechanisms, stats

# What a person who sees only the commonest failure would say.
BY_OUTCOME = {
    "401": "M12", "403": "M12", "404": "M22", "410": "M22", "413": "M11", "429": "M12", "500": "M25", "502": "M20",
    "503": "M02", "504": "M16", "507": "M17", "refused": "M20", "connect_timeout": "M05", "reset_in_connect": "M05",
    "dns": "M09", "dns_timeout": "M09", "unreachable": "M07", "tls": "M08", "tls_timeout": "M08", "send_reset": "M20",
    "send_timeout": "M10", "empty_reply": "M20", "recv_reset": "M20", "first_byte_timeout": "M02",
    "stall_timeout": "M02", "abandoned": "M02", "truncated": "M25", "garbage": "M25",
}
SLOW = "M02"


def failures(rows):
    """Attempts that were not good, by outcome; what is grouped as good is left out."""
    counts = {}
    for row in rows:
        for outcome, count in row["outcomes"].items():
            if outcome not in ("2xx", "3xx", "unfinished"):
                counts[outcome] = counts.get(outcome, 0) + count
    return counts


def commonest(rows):
    counts = failures(rows)
    return max(sorted(counts), key=counts.get) if counts else None


def mechanism_of(outcome):
    if outcome in BY_OUTCOME:
        return BY_OUTCOME[outcome]
    return "M25" if outcome and outcome[0] in "45" else "UNKNOWN"


def status_code(report):
    """The commonest failure's usual meaning; slow without failures is a lack of workers."""
    rows = impact.seconds(report)
    done = sum(row["done"] for row in rows)
    counts = failures(rows)
    if done and sum(counts.values()) > 0.01 * done:
        return mechanism_of(commonest(rows))
    before = [row["p99"] for row in impact.baseline(rows) if row["p99"] is not None]
    after = [row["p99"] for row in rows if row["t"] >= impact.BASELINE and row["p99"] is not None]
    if before and after and stats.quantile(after, 0.9) > 3 * stats.median(before):
        return SLOW
    return "HEALTHY"


def signals(rows):
    """Series by signal: times, load, work under way, and the share of each failure."""
    outcomes = sorted(failures(rows))
    table = {
        name: [row[name] for row in rows] for name in ("p50", "p99", "attempts", "in_flight")}
    table["goodput"] = [impact.share(row) for row in rows]
    for outcome in outcomes:
        table[outcome] = [
            row["outcomes"].get(outcome, 0) / row["done"] if row["done"] else None for row in rows]
    return table


def z_scores(values, count):
    """Distances from the first `count` values' median, in their scaled median deviations."""
    before = [value for value in values[:count] if value is not None]
    if len(before) < 3:
        return [0.0] * len(values)
    centre = stats.median(before)
    # A signal that never moved must not make every change infinite.
    spread = max(stats.deviation(before), 0.02 * abs(centre), 0.005)
    return [0.0 if value is None else (value - centre) / spread for value in values]


def first_signal(report, threshold=5.0):
    """The signal that is farthest from its baseline in the first second in which one is."""
    rows = impact.seconds(report)
    count = len(impact.baseline(rows))
    scores = {name: z_scores(values, count) for name, values in signals(rows).items()}
    for place in range(count, len(rows) - 1):
        # Two seconds in a row: one alone is a hiccup.
        strong = {
            name: min(abs(values[place]), abs(values[place + 1])) for name, values in scores.items()
            if name != "attempts"}
        name = max(sorted(strong), key=strong.get)
        if strong[name] > threshold:
            if name in ("p50", "p99", "in_flight"):
                return SLOW
            if name == "goodput":
                return mechanism_of(commonest(rows[place:]))
            return mechanism_of(name)
    return "HEALTHY"


def three_sigma(report):
    """Failures above their mean and three deviations, else times above three times their baseline's."""
    rows = impact.seconds(report)
    before, after = impact.baseline(rows), [row for row in rows if row["t"] >= impact.BASELINE]
    shares = [1 - impact.share(row) for row in before if impact.share(row) is not None]
    if shares:
        mean = sum(shares) / len(shares)
        sigma = (sum((value - mean) ** 2 for value in shares) / len(shares)) ** 0.5
        bad = [row for row in after if row["done"] >= 3 and 1 - impact.share(row) > mean + 3 * sigma + 0.01]
        if len(bad) >= 3:
            return mechanism_of(commonest(bad))
    times = [row["p99"] for row in before if row["p99"] is not None]
    if times:
        slow = [row for row in after if row["p99"] is not None and row["p99"] > 3 * stats.median(times)]
        if len(slow) >= 5:
            return SLOW
    return "HEALTHY"


ALL = {"status code": status_code, "first signal": first_signal, "3 sigma, 3 x p99": three_sigma}


def answers(report):
    """Each baseline's mechanism and its family."""
    found = {name: rule(report) for name, rule in ALL.items()}
    return {name: {"mechanism": answer, "family": mechanisms.family(answer)} for name, answer in found.items()}
