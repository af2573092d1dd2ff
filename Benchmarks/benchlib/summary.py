"""Medians, spreads and paired ratios: arithmetic only."""
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """A median and the extremes of as many values."""

    median: float
    least: float
    most: float
    count: int


def spread(values):
    values = [value for value in values if value is not None]
    if not values:
        return None
    return Spread(statistics.median(values), min(values), max(values), len(values))


def by_tool(rounds, quantity):
    """tool -> {round number -> value}, of the rounds that have the quantity and count."""
    table = {}
    for row in rounds:
        value = row["quantities"].get(quantity)
        if value is not None and not disqualified(row):
            table.setdefault(row["tool"], {})[row["number"]] = value
    return table


def disqualified(row):
    """A round that crashed or was not answered is no measurement; a few failed requests or odd counts are."""
    return row["problem"].startswith(("exit", "the server"))


def of(rounds, quantity, tool):
    """The spread of a tool's values, or none."""
    return spread(by_tool(rounds, quantity).get(tool, {}).values())


def paired(rounds, quantity, tool, other):
    """The spread of the ratios tool / other within the same round, or none."""
    table = by_tool(rounds, quantity)
    ours, theirs = table.get(tool, {}), table.get(other, {})
    return spread([ours[number] / theirs[number] for number in ours if theirs.get(number)])
