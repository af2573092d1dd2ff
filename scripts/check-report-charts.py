#!/usr/bin/env python3
"""Compares the marks of every chart over time in DIR/report.html with the rows of DIR/report.json.

Usage: scripts/check-report-charts.py DIR

Each drawn series has as many points as it has columns that are known, and each point lies where its
row's value belongs on the axis that the plot states. Where several rows are drawn as one column only
the points are counted. Of a curve of steps each height is compared. Exits 1 on a difference, on a
chart that is missing, and on anything that would be loaded over the network.
"""
import json
import math
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

COLUMNS = 200
# The units of a drawing that a rounded figure may be off, and then its four digits.
SLACK = 0.12
SVG = "{http://www.w3.org/2000/svg}"
PLAIN = ("offered", "done", "good", "in_flight", "p50", "p90", "p99", "p999", "max")


def share(part, whole):
    return part / whole if whole else None


def value_of(row, series, seconds):
    """The row's value for a series' name, in the unit of its axis; None where it is not known."""
    if series in PLAIN:
        return row[series]
    kind, _, name = series.partition(":")
    if kind == "service":
        return row["service_ms"][name]
    if kind == "outcome":
        return row["outcomes"].get(name, 0)
    if kind in ("genuine", "noise", "probe"):
        counts = row["classes"].get(kind, {})
        if name == "success":
            return share(counts.get("arrived_accepted", 0), counts.get("arrived", 0))
        return counts.get({"accepted": "arrived_accepted"}.get(name, name), 0)
    if kind == "retries":
        return share(row["retries"], row["attempts"])
    if kind == "review":
        return (row["review"] or {}).get(name)
    if kind == "generator":
        return row["generator"].get(name)
    if kind == "crowding":
        # Counts are drawn as rates, shares and stars as they are.
        counts = name == "reviews" or name.startswith("accepted_")
        return row[name] if row[name] is None or not counts else row[name] / seconds
    if kind == "part":
        return row["parts_ms"].get(name, 0) if row["answered"] else None
    raise SystemExit(f"unknown series {series}")


class Plot:
    """The axes of a group of marks, as its attributes state them."""

    def __init__(self, attributes):
        self.name = attributes["data-plot"]
        self.low, self.high, self.top, self.bottom = (
            float(attributes[f"data-{key}"]) for key in ("y0", "y1", "top", "bottom"))
        self.logarithmic = attributes["data-scale"] == "log"
        # What is stacked so far, by column.
        self.floor = {}

    def place(self, value):
        if self.logarithmic:
            part = math.log10(max(value, self.low) / self.low) / math.log10(self.high / self.low)
        else:
            span = self.high - self.low
            part = (value - self.low) / span if span else 0
        return self.bottom + (self.top - self.bottom) * min(1, max(0, part))


def rows_of(report, series):
    """The rows behind a series; None for what is derived and drawn once more elsewhere."""
    if series in ("in_flight:expected", "outcome:*"):
        return None
    if series.startswith("crowding:"):
        return report["people"]["crowding_out"]["rows"]
    if series.startswith("part:"):
        return report["breakdown"]["rows"]
    return report["series"]


def check_line(plot, path, report):
    """What is wrong with a drawn line; nothing when each mark is where its row is."""
    series, step = path.get("data-series"), int(path.get("data-decimation"))
    rows = rows_of(report, series)
    marks = [float(y) for y in re.findall(r"[ML][\d.-]+,([\d.-]+)", path.get("d") or "")]
    columns = math.ceil(int(path.get("data-rows")) / step)
    if columns > COLUMNS:
        return f"{columns} columns, more than {COLUMNS}"
    if len(marks) != columns - int(path.get("data-missing")):
        return f"{len(marks)} marks for {columns} columns, {path.get('data-missing')} not known"
    if rows is None or step > 1:
        return None
    if len(rows) != columns:
        return f"says {columns} rows, not {len(rows)}"
    seconds = report["people"]["crowding_out"]["row_seconds"] if report.get("people") else 1
    values = [(place, value_of(row, series, seconds)) for place, row in enumerate(rows)]
    known = [(place, value) for place, value in values if value is not None]
    if len(known) != len(marks):
        return f"{len(marks)} marks for {len(known)} known values"
    for (place, value), mark in zip(known, marks):
        if path.get("stroke") == "#ffffff":
            value += plot.floor.get(place, 0)
            plot.floor[place] = value
        if not min(plot.place(value * f) for f in (0.999, 1.001)) - SLACK <= mark \
                <= max(plot.place(value * f) for f in (0.999, 1.001)) + SLACK:
            return f"row {place} lies at {mark}, not at {plot.place(value):.2f} for {value}"
    return None


def check_curve(plot, path, report):
    """What is wrong with a drawn curve of steps; None when each step is as high as its row."""
    kind, _, name = path.get("data-curve").partition(":")
    points = report["people"]["classes"][kind]["curve"]
    steps = re.findall(r"H([\d.]+)V([\d.]+)", path.get("d"))
    if not len(steps) == int(path.get("data-points")) == len(points):
        return f"{len(steps)} steps for {len(points)} points"
    for (_, y), point in zip(steps, points):
        if abs(float(y) - plot.place(point[name])) > 0.2:
            return f"a step at {y}, not at {plot.place(point[name]):.2f} for {point[name]}"
    if any(float(one[0]) > float(next[0]) for one, next in zip(steps, steps[1:])):
        return "time goes back"
    return None


def expected(report):
    """The names of the series and curves that the page has to draw."""
    names = set(PLAIN) | {f"service:{name}" for name in PLAIN[4:]}
    names |= {"generator:cpu", "generator:lag_p99_ms"}
    # A percentile that is never known has no line; the medians show that nothing was.
    names = {
        name for name in names if name in ("p50", "p99")
        or any(value_of(row, name, 1) is not None for row in report["series"])}
    for kind in ("genuine", "noise"):
        if kind in report["classes"]:
            names |= {f"{kind}:{name}" for name in ("accepted", "arrived", "success")}
    if any(row["review"] for row in report["series"]):
        names |= {"review:backlog", "review:oldest_age"}
    people = report.get("people") or {"classes": {}, "crowding_out": {"rows": []}}
    if people["crowding_out"]["rows"]:
        names |= {f"crowding:accepted_{kind}" for kind in ("genuine", "noise")}
        names |= {f"crowding:{kind}_share" for kind in ("genuine", "noise")}
    if any(row["stars_average"] is not None for row in people["crowding_out"]["rows"]):
        names |= {"crowding:stars_average", "crowding:reviews"}
    outcomes = [name for name, count in report["outcomes"].items() if count > 0]
    if len(outcomes) <= 8:
        names |= {f"outcome:{name}" for name in outcomes}
    curves = {
        f"{kind}:{name}" for kind in ("genuine", "noise") for name in ("share", "if_patient")
        if people["classes"].get(kind, {}).get("curve")}
    return names, curves


def loaded(page):
    """What the page would fetch over the network."""
    bare = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    tags = "".join(re.findall(r"<[^>]*>", bare)) + "".join(
        re.findall(r"<style>.*?</style>", bare, re.S))
    return re.findall(r"(?:https?:)?//[\w.-]+|url\(|@import|<script[^>]*\bsrc", tags)


def main(directory):
    with open(os.path.join(directory, "report.json"), encoding="utf-8") as file:
        report = json.load(file)
    with open(os.path.join(directory, "report.html"), encoding="utf-8") as file:
        page = file.read()
    problems = [f"the page would load {found}" for found in loaded(page)]
    lines, curves = set(), set()
    for text in re.findall(r"<svg\b.*?</svg>", page, re.S):
        for group in ElementTree.fromstring(text).iter(SVG + "g"):
            if group.get("data-plot") is None:
                continue
            plot = Plot(group.attrib)
            for path in group.iter(SVG + "path"):
                name, problem = None, None
                if path.get("data-rows"):
                    name = path.get("data-series")
                    lines.add(name)
                    problem = check_line(plot, path, report)
                elif path.get("data-curve"):
                    name = path.get("data-curve")
                    curves.add(name)
                    problem = check_curve(plot, path, report)
                if problem:
                    problems.append(f"{plot.name} {name}: {problem}")
    if report["series"]:
        names, steps = expected(report)
        problems += [f"{name}: not drawn" for name in sorted(names - lines | steps - curves)]
    for problem in problems:
        print(f"check-report-charts: {problem}", file=sys.stderr)
    print(
        f"{len(lines)} series, {len(curves)} curves, {len(report['series'])} rows, "
        f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    sys.exit(main(sys.argv[1]))
