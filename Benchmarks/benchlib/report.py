"""Tables in Markdown from measured rounds; no measuring here."""
from . import summary
from .thresholds import value_of

TOOLS = ["floor", "spate", "wrk", "h2load", "hey", "ab", "siege", "locust", "k6", "oha", "vegeta"]
NAMES = {"floor": "plain C on libcurl"}
MAIN = [    # heading, metric with the tool left open, figures after the point
    ("small request, us CPU", "small.cpu_us.{}", 1),
    ("requests/s", "small.rate.{}", 0),
    ("peak MB", "small.rss_mb.{}", 0),
    ("8,000 clients: us CPU", "clients8000.cpu_us.{}", 1),
    ("peak MB", "clients8000.rss_mb.{}", 0),
    ("1 MB upload: CPU-s per GB", "upload.cpu_s_per_gb.{}", 2),
    ("peak MB", "upload.rss_mb.{}", 0),
    ("instructions, small", "instructions.instructions.{}@small", 0),
    ("instructions, upload", "instructions.instructions.{}@upload", 0),
]
QUANTITIES = {      # what a case's own table shows
    "cpu_us": ("us CPU per request", 1), "cpu_s_per_gb": ("CPU-s per GB", 3), "rate": ("requests/s", 0),
    "rss_mb": ("peak MB", 1), "kb_per_client": ("KB per client", 1),
    "kb_per_client_all": ("KB per client, all memory", 1), "instructions": ("instructions", 0),
}
SHOWN = {
    "upload": ["cpu_s_per_gb", "rate", "rss_mb"], "stalled": ["kb_per_client"], "instructions": ["instructions"],
    "clients8000": ["cpu_us", "rate", "rss_mb", "kb_per_client", "kb_per_client_all"],
}


def table(headings, rows):
    """A Markdown table; the first column is words, the others are figures."""
    lines = ["| " + " | ".join(headings) + " |", "|---" + "|---:" * (len(headings) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def figure(spread, places, with_range=True):
    """`median (least-most)`, or a dash."""
    if spread is None:
        return "-"
    text = f"{spread.median:,.{places}f}"
    if with_range and spread.count > 1:
        text += f" ({spread.least:,.{places}f}-{spread.most:,.{places}f})"
    return text


def main_table(cases):
    """One row a tool, medians only: the overview."""
    columns = [column for column in MAIN if column[1].split(".")[0] in cases]
    if not columns:
        return ""
    rows = []
    for tool in TOOLS:
        values = [figure(value_of(metric.format(tool), cases), places, False) for _, metric, places in columns]
        if any(value != "-" for value in values):
            rows.append([NAMES.get(tool, tool)] + values)
    return table(["medians"] + [heading for heading, _, _ in columns], rows)


def case_table(name, case):
    """A case in full: medians with extremes, and paired ratios against plain C and hey."""
    rounds = case["rounds"]
    quantities = [one for one in SHOWN.get(name, ["cpu_us", "rate", "rss_mb"])
                  if any(one in row["quantities"] for row in rounds)]
    if not quantities:
        return "Nothing was measured."
    labels = list(dict.fromkeys(row["tool"] for row in rounds))
    ratios = [other for other in ("floor", "hey") if any(label.partition("@")[0] == other for label in labels)]
    rows = []
    for label in labels:
        cells = [figure(summary.of(rounds, one, label), QUANTITIES[one][1]) for one in quantities]
        for other in ratios:
            against = opposite(label, other, labels)
            cells.append(figure(summary.paired(rounds, quantities[0], label, against), 3) if against else "-")
        rows.append([label] + cells)
    headings = [QUANTITIES[one][0] for one in quantities]
    return table([""] + headings + [f"{headings[0]}, ratio to {other}" for other in ratios], rows)


def opposite(label, other, labels):
    """Whom a row is compared with: the same variant (`@64`, `@upload`) of the other tool, or none."""
    tool, mark, variant = label.partition("@")
    against = other + mark + variant
    return against if tool != other and against in labels else None


def checks_table(checks):
    """The thresholds with their verdicts."""
    return table(["threshold", "limit", "measured", "verdict"], [
        [f"{check.metric}: {check.why}", check.limit, figure(check.value, 3), check.outcome] for check in checks])


def problems(cases):
    """Rounds that went wrong, and tools that are missing, in words."""
    lines = []
    for name, case in cases.items():
        for tool, why in sorted(case.get("missing", {}).items()):
            if why != "not here" or tool in ("floor", "spate"):
                lines.append(f"- {name}: {tool}: {why}")
        seen = {}
        for row in case["rounds"]:
            if row["problem"]:
                seen.setdefault(row["tool"], []).append(row["problem"])
        lines += [f"- {name}: {tool}: {len(found)} rounds, such as: {found[0]}" for tool, found in seen.items()]
    absent = sorted({tool for case in cases.values() for tool, why in case.get("missing", {}).items()
                     if why == "not here"})
    if absent:
        lines.append(f"- not here: {', '.join(absent)}")
    return "\n".join(lines)


def markdown(results, checks):
    """The whole report."""
    machine, cases, run = results["machine"], results["cases"], results["run"]
    tree = " with changes" if machine["tree_differs"] else ""
    parts = [
        f"# Cost per request, {machine['date']}",
        f"Commit {machine['commit']}{tree}, {machine['spate'] or 'spate'}. {machine['cpu']}, {machine['cores']} cores, "
        f"{machine['memory_gb']} GB, Linux {machine['kernel']}, {machine['system']}, libcurl {machine['libcurl']}. "
        f"{run['rounds']} rounds; server on core {run['target_core']}, generator on core {run['generator_core']}.",
        "Peers: " + ", ".join(f"{tool} {version}" for tool, version in machine["versions"].items()) + ".",
        quietness(run), f"Command: `{run['command']}`", main_table(cases)]
    for name, case in cases.items():
        parts += [f"## {name}: {case['title']}", case_table(name, case)]
    wrong = problems(cases)
    if wrong:
        parts += ["## What was not measured, or not well", wrong]
    parts += ["## Thresholds", checks_table(checks)]
    parts += ["## Commands", "```\n" + "\n".join(commands(cases)) + "\n```"]
    return "\n\n".join(part for part in parts if part) + "\n"


def quietness(run):
    """How busy the machine was with other things, as far as it can tell."""
    text = f"Load average {run['load_before']:.2f} before and {run['steal_percent']:.1f} % of the CPU stolen meanwhile."
    if run["load_before"] > 0.5 or run["steal_percent"] > 1:
        text += " **The machine was not quiet: believe the ratios, not the times.**"
    return text


def commands(cases):
    """One command per case and tool, as run."""
    lines = []
    for name, case in cases.items():
        seen = {}
        for row in case["rounds"]:
            seen.setdefault(row["tool"], row["command"])
        lines += [f"# {name} {tool}\n{command}" for tool, command in seen.items()]
    return lines
