#!/usr/bin/env python3
"""Compares the marks of every chart in DIR/report.html with the rows of DIR/report.json.

Usage: scripts/check-report-charts.py DIR

For each drawn series the points are counted and compared with the rows that have a value in
report.json, by the decimation the series states (at most 600 columns). Of a curve of steps each
height is compared as well. Exits 1 on a difference, on a chart that is missing, and on anything
that would be loaded over the network.
"""
import json
import math
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

COLUMNS = 600
# A panel of a curve: the height of the share 1, in the units of its drawing.
CURVE_HEIGHT = 170.0
SVG = "{http://www.w3.org/2000/svg}"


def value_of(row, series):
    """The row's value for a series' name; None where it is not known."""
    if series in ("offered", "done", "good", "in_flight", "p50", "p99"):
        return row[series]
    kind, _, name = series.partition(":")
    if kind == "outcome":
        return row["outcomes"].get(name, 0)
    if kind in ("genuine", "noise"):
        key = {"accepted": "arrived_accepted", "arrived": "arrived"}[name]
        return row["classes"].get(kind, {}).get(key, 0)
    if kind == "review":
        return (row["review"] or {}).get(name)
    if kind == "generator":
        return row["generator"][name]
    if kind == "crowding":
        return row[name]
    raise SystemExit(f"unknown series {series}")


def people_of(report):
    return report.get("people") or {"classes": {}, "crowding_out": {"rows": []}}


def check_curve(path, report):
    """What is wrong with a drawn curve of steps; None when each step is as high as its row."""
    kind, _, name = path.get("data-curve").partition(":")
    points = people_of(report)["classes"][kind]["curve"]
    steps = re.findall(r"H([\d.]+)V([\d.]+)", path.get("d"))
    if not len(steps) == int(path.get("data-points")) == len(points):
        return f"{len(steps)} steps for {len(points)} points"
    base = float(re.match(r"M[\d.]+,([\d.]+)", path.get("d")).group(1))
    for (_, y), point in zip(steps, points):
        if abs((base - float(y)) / CURVE_HEIGHT - point[name]) > 0.0012:
            return f"a step of {(base - float(y)) / CURVE_HEIGHT:.4f} for {point[name]}"
    if any(float(one[0]) > float(next[0]) for one, next in zip(steps, steps[1:])):
        return "time goes back"
    return None


def expected_curves(report):
    return {
        f"{kind}:{name}"
        for kind in ("genuine", "noise") for name in ("share", "if_patient")
        if people_of(report)["classes"].get(kind, {}).get("curve")}


def expected_series(report):
    """The names of the series that the page has to draw."""
    names = {"offered", "done", "good", "p50", "p99", "in_flight"}
    names |= {"generator:cpu", "generator:lag_p99_ms"}
    for kind in ("genuine", "noise"):
        if kind in report["classes"]:
            names |= {f"{kind}:accepted", f"{kind}:arrived"}
    if any(row["review"] for row in report["series"]):
        names |= {"review:backlog", "review:oldest_age"}
    crowding = people_of(report)["crowding_out"]["rows"]
    if crowding:
        names |= {f"crowding:accepted_{kind}" for kind in ("genuine", "noise")}
        names |= {f"crowding:{kind}_share" for kind in ("genuine", "noise")}
    if any(row["stars_average"] is not None for row in crowding):
        names |= {"crowding:stars_average", "crowding:reviews"}
    outcomes = [name for name, count in report["outcomes"].items() if count > 0]
    if len(outcomes) <= 8:
        names |= {f"outcome:{name}" for name in outcomes}
    return names


def main(directory):
    with open(os.path.join(directory, "report.json"), encoding="utf-8") as file:
        report = json.load(file)
    with open(os.path.join(directory, "report.html"), encoding="utf-8") as file:
        page = file.read()
    problems = []
    bare = re.sub(r'xmlns="http://www\.w3\.org/2000/svg"', "", page)
    tags = "".join(re.findall(r"<[^>]*>", bare)) + "".join(
        re.findall(r"<style>.*?</style>", bare, re.S))
    for found in re.findall(r"(?:https?:)?//[\w.-]+|url\(|@import|<script", tags):
        problems.append(f"the page would load or run something: {found}")
    seen = set()
    curves = set()
    drawn = 0
    for text in re.findall(r"<svg\b.*?</svg>", page, re.S):
        svg = ElementTree.fromstring(text)
        for path in svg.iter(SVG + "path"):
            if path.get("data-curve"):
                curves.add(path.get("data-curve"))
                problem = check_curve(path, report)
                if problem:
                    problems.append(f"{path.get('data-curve')}: {problem}")
                print(f"{svg.get('data-chart'):12} {path.get('data-curve'):28} a curve")
            name = path.get("data-series")
            if name is None:
                continue
            rows = report["series"]
            if name.startswith("crowding:"):
                rows = people_of(report)["crowding_out"]["rows"]
            seen.add(name)
            drawn += 1
            step = int(path.get("data-decimation"))
            columns = math.ceil(len(rows) / step)
            missing = 0
            if name != "outcome:*":
                missing = sum(
                    any(value_of(row, name) is None for row in rows[first:first + step])
                    for first in range(0, len(rows), step))
            marks = len(re.findall(r"[ML]", path.get("d") or ""))
            if int(path.get("data-rows")) != len(rows):
                problems.append(f"{name}: says {path.get('data-rows')} rows, not {len(rows)}")
            if columns > COLUMNS:
                problems.append(f"{name}: {columns} columns, more than {COLUMNS}")
            if marks != columns - missing:
                problems.append(
                    f"{name}: {marks} marks for {columns} columns, {missing} of them not known")
            print(f"{svg.get('data-chart'):12} {name:28} {marks} marks of {columns} columns")
    if report["series"]:
        wanted = expected_series(report) - seen | expected_curves(report) - curves
        for name in sorted(wanted):
            problems.append(f"{name}: not drawn")
    for problem in problems:
        print(f"check-report-charts: {problem}", file=sys.stderr)
    print(
        f"{drawn} series, {len(curves)} curves, {len(report['series'])} rows, "
        f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    sys.exit(main(sys.argv[1]))
