#!/usr/bin/env python3
"""Draws planned arrivals: bars of what `spate plan --arrivals` lists, a line of what to expect.

Usage: scripts/draw-arrivals.py SCENARIO POPULATION OUT.svg [--bins N] [--title TEXT]
       [--story] [--no-line] [--spate PROGRAM]

The bars count the listed arrivals; the line is the plan's expected rate (`spate plan --json`,
`offered`: only drawn where POPULATION is the only one, and not with --no-line). --story labels
time in story time. Prints the same as a Markdown table of ten rows: time, expected, planned.
"""
import argparse
import json
import subprocess

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 240, 56, 36, 28


def listed(program, scenario, population):
    """The arrival times of a population in seconds."""
    lines = subprocess.run(
        [program, "plan", scenario, "--arrivals"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    fields = (line.split("\t") for line in lines)
    return [float(time) for time, name, *_ in fields if name == population]


def span(seconds):
    """A time for people."""
    if seconds < 120:
        return f"{seconds:g} s"
    if seconds < 2 * 3600:
        return f"{seconds / 60:.3g} min"
    return f"{seconds / 3600:.3g} h"


def nice(value):
    """A round number not below."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if step * power >= value)


def draw(title, counts, width, rates, seconds, scale):
    """The SVG's text; rates per second against time."""
    top = nice(max([count / width for count in counts] + rates))
    plot_width, plot_height = WIDTH - LEFT - 12, HEIGHT - TOP - BOTTOM

    def place(time, rate):
        return (LEFT + time / seconds * plot_width,
                HEIGHT - BOTTOM - rate / top * plot_height)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12" role="img">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18" fill="#222" font-size="13">{title}</text>',
    ]
    for index, count in enumerate(counts):
        x, y = place(index * width, count / width)
        bar = width / seconds * plot_width
        out.append(f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(0.4, bar - 0.3):.2f}" '
                   f'height="{HEIGHT - BOTTOM - y:.2f}" fill="#9ecae1"/>')
    if rates:
        points = " ".join(
            "{:.1f},{:.1f}".format(*place((index + 0.5) * seconds / len(rates), rate))
            for index, rate in enumerate(rates))
        out.append(f'<polyline points="{points}" fill="none" stroke="#b30000" stroke-width="1.5"/>')
    for part in range(5):
        x, y = place(seconds * part / 4, 0)
        anchor = "start" if part == 0 else "end" if part == 4 else "middle"
        out.append(f'<text x="{x:.0f}" y="{y + 18:.0f}" fill="#555" text-anchor="{anchor}">'
                   f"{span(seconds * part / 4 * scale)}</text>")
    for rate in (0, top / 2, top):
        x, y = place(0, rate)
        out.append(f'<line x1="{x:.0f}" x2="{WIDTH - 12}" y1="{y:.1f}" y2="{y:.1f}" '
                   'stroke="#ddd" stroke-width="1"/>')
        out.append(f'<text x="{x - 6:.0f}" y="{y + 4:.0f}" fill="#555" text-anchor="end">'
                   f"{rate:g}/s</text>")
    return "\n".join(out + ["</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("population")
    parser.add_argument("out")
    parser.add_argument("--bins", type=int, default=120)
    parser.add_argument("--title", default="")
    parser.add_argument("--story", action="store_true")
    parser.add_argument("--no-line", action="store_true")
    parser.add_argument("--spate", default="spate")
    options = parser.parse_args()
    plan = json.loads(subprocess.run(
        [options.spate, "plan", options.scenario, "--json"], check=True, capture_output=True,
        text=True).stdout)
    times = listed(options.spate, options.scenario, options.population)
    seconds = plan["seconds"]
    scale = plan["timeScale"] if options.story else 1
    width = seconds / options.bins
    counts = [0] * options.bins
    for time in times:
        counts[min(options.bins - 1, int(time / width))] += 1
    rates = plan["offered"] if len(plan["populations"]) == 1 and not options.no_line else []
    title = options.title or f"{options.population}: arrivals per second of the run"
    with open(options.out, "w", encoding="utf-8") as file:
        file.write(draw(title, counts, width, rates, seconds, scale))
    print("| from | expected | planned |\n|---:|---:|---:|")
    for row in range(10):
        low, high = seconds * row / 10, seconds * (row + 1) / 10
        share = rates[row * len(rates) // 10:(row + 1) * len(rates) // 10]
        expected = f"{sum(share) / len(share) * (high - low):.0f}" if share else ""
        planned = sum(1 for time in times if low <= time < high)
        print(f"| {span(low * scale)} | {expected} | {planned} |")
    total = sum(rates) / len(rates) * seconds if rates else 0
    print(f"| all | {total:.0f} | {len(times)} |")


if __name__ == "__main__":
    main()
