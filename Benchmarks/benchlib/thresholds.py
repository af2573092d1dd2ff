"""The limits in thresholds.json, judged against the measured rounds.

A metric is `case.quantity.tool` (the median) or `case.quantity.tool/other` (the median of paired ratios).
"""
import json
from dataclasses import dataclass

from . import summary


@dataclass(frozen=True)
class Check:
    """One judged threshold; `value` is a Spread, or none when it was not measured."""

    metric: str
    limit: str
    why: str
    value: object
    outcome: str        # "pass", "FAIL" or "not measured"


def load(path):
    with open(path, encoding="utf-8") as file:
        limits = json.load(file)["limits"]
    for limit in limits:
        unknown = set(limit) - {"metric", "at_most", "at_least", "why"}
        if unknown or not {"at_most", "at_least"} & set(limit):
            raise ValueError(f"{path}: a limit needs metric, why and at_most or at_least: {limit}")
        parse(limit["metric"])
    return limits


def parse(metric):
    """(case, quantity, tool, other or none)."""
    parts = metric.split(".", 2)
    if len(parts) != 3:
        raise ValueError(f"metric {metric!r}: want case.quantity.tool or case.quantity.tool/other")
    tool, _, other = parts[2].partition("/")
    return parts[0], parts[1], tool, other or None


def value_of(metric, cases):
    case, quantity, tool, other = parse(metric)
    if case not in cases:
        return None
    rounds = cases[case]["rounds"]
    return summary.paired(rounds, quantity, tool, other) if other else summary.of(rounds, quantity, tool)


def judge(limits, cases, here):
    """Judges every limit. What was not measured fails if its case ran and its tools are here."""
    checks = []
    for limit in limits:
        value = value_of(limit["metric"], cases)
        low, high = limit.get("at_least"), limit.get("at_most")
        words = " and ".join(
            text for text in (f">= {low:g}" if low is not None else "", f"<= {high:g}" if high is not None else "")
            if text)
        if value is None:
            case, _, tool, other = parse(limit["metric"])
            tools = {name.split("@")[0] for name in (tool, other) if name}
            outcome = "FAIL" if case in cases and tools <= set(here) else "not measured"
        else:
            good = (low is None or value.median >= low) and (high is None or value.median <= high)
            outcome = "pass" if good else "FAIL"
        checks.append(Check(limit["metric"], words, limit["why"], value, outcome))
    return checks
