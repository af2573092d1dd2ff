"""A run's summary: small, committed, and all that the table and the fit need."""
import datetime
import hashlib
import json

from validation import baselines, impact, loads, mechanisms

SCHEMA = "spate/validation-run/1"
# So many of the ranking are kept.
KEPT = 5


def seal(run, truth_file):
    """The hash of the truth, taken and printed before anything is explained."""
    truth = {"id": run.id, "truth": list(run.truth), "file": truth_file}
    return hashlib.sha256(json.dumps(truth, sort_keys=True).encode()).hexdigest()


def instant(text):
    """Seconds since 1970 of an RFC 3339 text."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def began(fault):
    """When a fault began, as the target's truth has it: its first stop or death, where it has such."""
    for moment in [one.get("began") for one in fault.get("occurrences") or []] + [fault.get("began")]:
        if moment:
            return moment["at"] if isinstance(moment, dict) else moment
    return None


def onset(run, truth_file, report, capacity):
    """When the cause really began, in seconds of the run; None when nobody can say.

    A fault that came by itself began when the target says so. Too much load begins to be too much
    when it passes the capacity that the target measured of itself, or has by its settings; where the
    load itself takes capacity away, when clients could notice.
    """
    if run.block in ("healthy", "no-impact") or run.truth[0] in ("HEALTHY",):
        return None
    started = instant(report["run"]["started"])
    comes = [began(fault) for fault in truth_file.get("faults", [])]
    # Faults that are there from the beginning are settings: the load brings them out.
    late = [instant(text) - started for text in comes if text]
    late = [second for second in late if second > 10]
    if late:
        return round(min(late), 3)
    if run.clients.videos_at:
        return float(run.clients.videos_at)
    if run.truth[0] == "M15":
        # The more is under way, the less gets done: what it measured of itself is what was left, and the load was
        # above that from the beginning. Whoever looks at the clients' seconds sees when it gave way.
        return impact.began(report)
    limit = capacity or run.capacity
    return run.load.reaches(limit) if limit else None


def answer(report):
    """What an explanation says, in the words of the table."""
    verdict = report["verdict"]
    hypotheses = [
        (row["id"], round(row["posterior"] or 0, 4)) for row in report["hypotheses"]
        if row["posterior"] is not None]
    hypotheses.sort(key=lambda item: (-item[1], item[0]))
    families = mechanisms.families(hypotheses)
    knee = report.get("knee") or {}
    start = report.get("onset") or {}
    storm = report.get("metastable") or {}
    return {
        "grade": verdict["grade"], "mechanism": verdict["mechanism"], "family": verdict["family"],
        "posterior": verdict["posterior"], "overlays": verdict.get("overlay", []),
        "ranking": [list(item) for item in hypotheses[:KEPT]],
        "families": [[name, round(value, 4)] for name, value in families[:3]],
        "onset": start.get("t"), "onset_ci": start.get("ci"),
        "knee": knee.get("capacity") if knee.get("reached") else None, "knee_ci": knee.get("ci"),
        "metastable": {
            key: storm.get(key) for key in ("state", "t_fresh", "t_storm", "t_recovered", "amplification")},
        "validity": report["validity"]["state"],
        "tests": [
            {"test": row["test"], "outcome": row.get("outcome", "fired"), "group": row["group"],
             "anomalous": row.get("anomalous", False), "vetoes": row.get("vetoes", [])}
            for row in report["evidence"]],
    }


def of(run, truth_file, client, server, sealed):
    """The summary of a run from its two explanations (report.json with and without server samples)."""
    capacity = truth_file.get("capacity_measured")
    noticed = impact.has_impact(client)
    stayed = None
    if run.load.shape == "storm":
        # The last 15 s before the relief: had it come back by itself?
        stayed = impact.stayed_down(client, loads.RELIEF - 15, loads.RELIEF)
    truth = list(run.truth)
    relabelled = not noticed and truth[0] not in ("HEALTHY",)
    return {
        "schema": SCHEMA, "id": run.id, "block": run.block, "target": run.target, "split": run.split,
        "region": run.region, "load_driven": bool(run.capacity), "what": run.what, "version": client["run"]["version"], "load": {
            "shape": run.load.shape, "quiet": run.load.quiet, "peak": run.load.peak, "seconds": run.load.seconds},
        "truth": {
            # An injected fault that nobody could notice is no fault: the right answer is HEALTHY.
            "mechanism": "HEALTHY" if relabelled else truth[0], "injected": truth,
            "all": ["HEALTHY"] if relabelled else truth, "family": mechanisms.family(
                "HEALTHY" if relabelled else truth[0]),
            "overlays": list(run.overlays), "onset": None if relabelled else onset(run, truth_file, client, capacity),
            "capacity": capacity, "impact": noticed, "impact_from": impact.began(client), "seal": sealed,
            "stayed_down": stayed},
        "client": answer(client), "server": answer(server), "baselines": baselines.answers(client),
    }


def failed(run, why):
    """The summary of a run that could not be made; it is made again when the catalogue is resumed."""
    return {"schema": SCHEMA, "id": run.id, "block": run.block, "failed": why}
