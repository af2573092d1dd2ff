#!/usr/bin/env python3
"""Is every person's outcome accounted for, and do reviews fall when the outage begins?

Plays scenarios/iwatch.yaml: 5,000 phones, one in ten outside the service area, the app down from second 50 to 80. Accepted
and not accepted add up to 5,000; nothing acknowledged is missing from the store; everybody outside who met the open
app was told so; the store page's average, read from the intake's own database, falls once the outage has begun and
not before.
"""
import json
import sqlite3

import stand


def run(options):
    check = stand.Check("Five thousand phones")
    with stand.folder() as folder:
        words = ["run", f"{stand.ROOT}/scenarios/iwatch.yaml", "--out-dir", "out", "-q"]
        if options.rate_factor != 1:
            words += ["--rate-factor", str(options.rate_factor)]
        stand.spate(options, words, folder, (0, 95))
        report = stand.report(f"{folder}/out")
        with open(f"{folder}/out/reconcile.json") as file:
            cells = json.load(file)
        with sqlite3.connect(f"{folder}/out/intake/intake.sqlite") as database:
            reviews = database.execute("SELECT at, stars FROM reviews ORDER BY at").fetchall()
        events = list(stand.lines(f"{folder}/out/journal/events.ndjson"))
        samples = list(stand.lines(f"{folder}/out/journal/samples.ndjson"))
    judge(check, options, report, cells, reviews, events, samples)
    return check


def judge(check, options, report, cells, reviews, events, samples):
    people = round(5_000 * options.rate_factor)
    genuine = report["classes"]["genuine"]
    endings = {name: genuine[name] for name in ("accepted", "rejected", "gave_up", "failed", "dropped", "unfinished")}
    check.row("people", ", ".join(f"{count:,} {name}" for name, count in endings.items()), f"{people:,} together",
              genuine["intents"] == people == sum(endings.values()))
    check.row("dropped or unfinished", f"{endings['dropped']}, {endings['unfinished']}", "0, 0",
              endings["dropped"] == endings["unfinished"] == 0)
    reconciled = report["loss"]["reconcile"]
    check.row("acknowledged and missing", reconciled["acked_missing"], "0", reconciled["acked_missing"] == 0)
    # A tenth of those who came while the app was up, all of it but for those who were on their way.
    up = people * (1 - 30 / 125) / 10
    check.row("told that the device is blocked", endings["rejected"], f"{up:.0f} within 5 %",
              abs(endings["rejected"] - up) <= 0.05 * up + 5)
    ratings = [(row["server"]["second"], row["server"]["values"]) for row in samples
               if "page_reviews_total" in (row.get("server") or {}).get("values", {})]
    check.row("samples of the average", len(ratings), "at least 100", len(ratings) >= 100)

    def average(until):
        known = [values for second, values in ratings if second <= until and values["page_reviews_total"]]
        return known[-1]["page_stars_total"] / known[-1]["page_reviews_total"] if known else 0

    before, during, after = average(50), average(65), average(125)
    check.row("the page's average before the outage, 15 s into it, at the end",
              f"{before:.2f}, {during:.2f}, {after:.2f}", "3.5 and more; 1 lower; lower still",
              before >= 3.5 and during <= before - 1 and after < before)
    ones = sum(stars == 1 for _, stars in reviews)
    whole = sum(stars for _, stars in reviews) / max(1, len(reviews))
    check.row("reviews in the store, one star, average", f"{len(reviews):,}, {ones:,}, {whole:.2f}",
              "as the last sample", abs(whole - after) < 0.05)
    acts = sum(line.get("event", {}).get("kind") == "operator" for line in events)
    check.row("the operator acted", acts, "2", acts == 2)


PARSER = stand.arguments(__doc__, rate_factor=1.0)
if __name__ == "__main__":
    stand.alone(run, PARSER)
