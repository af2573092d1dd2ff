"""reports/validation/README.md from the runs' summaries: every share with its interval, every miss by name."""
import collections

from validation import mechanisms, stats

ABSTAINS = ("NOT_ENOUGH_EVIDENCE", "INVALID")
MODES = (("client", "clients alone"), ("server", "with server samples"))
HIGHEST = {"CAUSE", "FAMILY", "LEADING"}


def percent(share, digits=1):
    return "-" if share is None else f"{100 * share:.{digits}f} %"


def shared(successes, trials):
    """A share with its Wilson interval and its counts."""
    if not trials:
        return "-"
    low, high = stats.wilson(successes, trials)
    return f"{percent(successes / trials)} ({successes}/{trials}, {percent(low, 0)} to {percent(high, 0)})"


def ranking(answer):
    return [name for name, _ in answer["ranking"]]


def family_ranking(answer):
    return [name for name, _ in answer["families"]]


def is_named(run, answer, top, families=False):
    """Whether the truth, or the first of a compound's, is among the first `top`."""
    if families:
        return run["truth"]["family"] in family_ranking(answer)[:top]
    return run["truth"]["mechanism"] in ranking(answer)[:top]


def was_looked_at(run):
    """Whether a run was looked at while rules were written: the first draw of each fault."""
    return run["block"] == "fault" and run["id"].endswith("-1")


def abstains(answer):
    return answer["grade"] in ABSTAINS or ranking(answer)[:1] == ["UNKNOWN"]


def is_alarm(answer):
    """An answer that says that something is wrong with the server, at a grade that counts."""
    return answer["grade"] in HIGHEST and answer["family"] not in (None, "HEALTHY", "HARNESS")


def judged(runs):
    """Runs with a fault that was noticed: those in which there is a mechanism to name."""
    return [
        run for run in runs
        if run["block"] in ("fault", "look-alike", "compound") and run["truth"]["mechanism"] not in ("HEALTHY", "UNKNOWN")]


def healthy(runs):
    """Runs in which nothing is wrong, or nothing that anybody could notice."""
    return [
        run for run in runs
        if run["truth"]["mechanism"] == "HEALTHY" and not (run["block"] == "no-impact" and run["truth"]["impact"])]


def accuracy(runs, mode):
    """Counts by what: right at the first place, among three, by family, abstentions, right where graded CAUSE."""
    found = collections.Counter(runs=len(runs))
    for run in runs:
        answer = run[mode]
        found["mechanism@1"] += is_named(run, answer, 1)
        found["mechanism@3"] += is_named(run, answer, 3)
        found["family@1"] += is_named(run, answer, 1, families=True)
        found["family@3"] += is_named(run, answer, 3, families=True)
        found["abstains"] += abstains(answer)
        if not abstains(answer):
            found["answered"] += 1
            found["answered right"] += is_named(run, answer, 1)
        if answer["grade"] == "CAUSE":
            found["cause"] += 1
            found["cause right"] += is_named(run, answer, 1)
    return found


def calibration(runs, mode):
    """Brier's score, the expected calibration error of the first place, and its bins."""
    whole = [(dict(run[mode]["ranking"]), run["truth"]["mechanism"]) for run in runs if run[mode]["ranking"]]
    first = [
        (run[mode]["ranking"][0][1], run[mode]["ranking"][0][0] == run["truth"]["mechanism"])
        for run in runs if run[mode]["ranking"]]
    return stats.brier(whole), stats.expected_calibration_error(first), stats.calibration(first)


def knee_errors(runs, mode):
    """Relative errors of the knee, where the target measured its own capacity and the load reached it."""
    found = []
    for run in runs:
        truth, knee = run["truth"]["capacity"], run[mode]["knee"]
        if truth and run.get("load_driven") and run["truth"]["mechanism"] in ("M01", "M02", "M13"):
            found.append((run["id"], None if knee is None else knee / truth - 1))
    return found


def onset_errors(runs, mode):
    """Seconds between the onset that is claimed and the one that is known."""
    found = []
    for run in runs:
        truth, claimed = run["truth"]["onset"], run[mode]["onset"]
        if truth is not None and run["truth"]["impact"]:
            found.append((run["id"], None if claimed is None else claimed - truth))
    return found


def within(errors, limit):
    return sum(1 for _, error in errors if error is not None and abs(error) <= limit), len(errors)


# MARK: the tables

def scores(runs):
    rows = ["| | " + " | ".join(name for _, name in MODES) + " |", "|---|---|---|"]
    names = [
        ("family, first place", "family@1", "runs"), ("family, among three", "family@3", "runs"),
        ("mechanism, first place", "mechanism@1", "runs"), ("mechanism, among three", "mechanism@3", "runs"),
        ("no answer", "abstains", "runs"), ("right of those answered", "answered right", "answered"),
        ("right of those graded CAUSE", "cause right", "cause")]
    counts = {mode: accuracy(runs, mode) for mode, _ in MODES}
    for title, what, of in names:
        rows.append(f"| {title} | " + " | ".join(shared(counts[mode][what], counts[mode][of]) for mode, _ in MODES) + " |")
    return rows


def baseline_rows(runs):
    rows = ["| | family | mechanism |", "|---|---|---|"]
    best = accuracy(runs, "client")
    rows.append(f"| Spate, clients alone | {shared(best['family@1'], len(runs))} | {shared(best['mechanism@1'], len(runs))} |")
    names = sorted({name for run in runs for name in run["baselines"]})
    for name in names:
        right = collections.Counter()
        for run in runs:
            answer = run["baselines"][name]
            right["family"] += answer["family"] == run["truth"]["family"]
            right["mechanism"] += answer["mechanism"] == run["truth"]["mechanism"]
        rows.append(f"| {name} | {shared(right['family'], len(runs))} | {shared(right['mechanism'], len(runs))} |")
    return rows


def alarm_rows(runs):
    rows = ["| | false alarms | 95 % bound above | called invalid |", "|---|---|---|---|"]
    for block, title in (("healthy", "healthy"), ("look-alike", "look-alikes that are healthy"),
                         ("no-impact", "faults nobody could notice"), ("fault", "relabelled: no impact")):
        here = [run for run in healthy(runs) if run["block"] == block]
        if not here:
            continue
        for mode, name in MODES:
            alarms = sum(is_alarm(run[mode]) for run in here)
            invalid = sum(run[mode]["grade"] == "INVALID" for run in here)
            bound = stats.upper_bound(alarms, len(here))
            rows.append(f"| {title}, {name} | {alarms} of {len(here)} | {percent(bound)} | {invalid} |")
    return rows


def by_mechanism(runs):
    rows = ["| mechanism | target | runs | clients alone | with samples | taken for |", "|---|---|---|---|---|---|"]
    groups = collections.defaultdict(list)
    for run in runs:
        groups[run["truth"]["mechanism"], run["target"]].append(run)
    for (mechanism, target), here in sorted(groups.items()):
        wrong = collections.Counter(
            (ranking(run["client"]) or ["-"])[0] for run in here if not is_named(run, run["client"], 1))
        taken = ", ".join(f"{name} {count}" for name, count in wrong.most_common(3))
        right = [sum(is_named(run, run[mode], 1) for run in here) for mode, _ in MODES]
        rows.append(
            f"| {mechanism} {mechanisms.NAMES.get(mechanism, '')} | {target} | {len(here)} | {right[0]} | {right[1]} "
            f"| {taken} |")
    return rows


def miss_rows(runs):
    rows = ["| run | truth | clients alone | with samples |", "|---|---|---|---|"]
    for run in sorted(runs, key=lambda run: run["id"]):
        words = []
        missed = False
        for mode, _ in MODES:
            answer = run[mode]
            truth = run["truth"]["mechanism"]
            if truth == "HEALTHY":
                wrong = is_alarm(answer)
            elif truth == "UNKNOWN":
                wrong = not abstains(answer)
            else:
                wrong = not is_named(run, answer, 1)
            missed = missed or wrong
            first = answer["ranking"][0] if answer["ranking"] else ["-", 0]
            words.append(f"{'' if wrong else 'right: '}{answer['grade']} {first[0]} {first[1]:.2f}")
        if missed:
            rows.append(f"| {run['id']} | {' + '.join(run['truth']['all'])} | {words[0]} | {words[1]} |")
    return rows


def section(title, lines):
    return ["", f"## {title}", ""] + lines


def part(runs, title):
    """The scores of a set of runs."""
    faults = judged(runs)
    lines = section(f"{title}: {len(faults)} runs with a cause to name", scores(faults))
    lines += ["", "Beside what answers without thinking:", ""] + baseline_rows(faults)
    for mode, name in MODES:
        knees, onsets = knee_errors(faults, mode), onset_errors(faults, mode)
        brier, error, bins = calibration(faults, mode)
        lines += ["", f"{name[0].upper()}{name[1:]}:", ""]
        lines.append(f"- the knee within 5 % of the capacity the target measured of itself: {shared(*within(knees, 0.05))}")
        lines.append(f"- the onset within 5 s: {shared(*within(onsets, 5))}")
        if brier is not None:
            lines.append(f"- Brier {brier:.3f}, expected calibration error {error:.3f}; confidence against share right: "
                         + ", ".join(f"{mean:.2f} {right:.2f} ({count})" for _, count, mean, right in bins))
    return lines


def storm_lines(runs):
    """Metastable or not, against what was seen before the relief, with the drain times side by side."""
    heals = ("RECOVERED", "RECOVERED_SLOWLY")
    lines = [
        "| run | asked for | stayed down | answer | predicted without retries | with them | observed |",
        "|---|---|---|---|---|---|---|"]
    counts = collections.Counter()

    def seconds(value):
        return "-" if value is None else f"{value:.0f} s"

    for run in runs:
        answer, stayed = run["client"]["metastable"], run["truth"]["stayed_down"]
        state = answer["state"]
        counts["right"] += state == "METASTABLE" if stayed else state in heals
        counts["undecided"] += state in (None, "UNDECIDED", "SUSTAINED", "not_applicable")
        lines.append(
            f"| {run['id']} | {run['what']} | {'yes' if stayed else 'no'} | {state or '-'} | {seconds(answer['t_fresh'])} "
            f"| {seconds(answer['t_storm'])} | {seconds(answer['t_recovered'])} |")
    first = f"Right in {shared(counts['right'], len(runs))}, undecided in {counts['undecided']}; from the clients' side alone."
    return [first, ""] + lines


def unknown_lines(runs):
    outside = [run for run in runs if run["truth"]["mechanism"] == "UNKNOWN"]
    return [
        f"- {name}: UNKNOWN or no answer in {shared(sum(abstains(run[mode]) for run in outside), len(outside))}"
        for mode, name in MODES]


def render(summaries, planned):
    """The whole page; `planned` is how many runs the catalogue has."""
    made = sorted((run for run in summaries if "failed" not in run), key=lambda run: run["id"])
    failed = sorted((run for run in summaries if "failed" in run), key=lambda run: run["id"])
    versions = ", ".join(sorted({run["version"] for run in made}))
    lines = ["# Validation", "", "Made by `make validate` from [runs/](runs): see [docs/validation.md](../../docs/validation.md).", ""]
    lines.append(f"{len(made)} of {planned} runs" + (f", Spate {versions}." if versions else "."))
    if len(made) < planned:
        lines.append("The catalogue is not complete: shares below are of what was run so far.")
    if not made:
        return "\n".join(lines) + "\n"
    held = [run for run in made if run["split"] == "held"]
    fit = [run for run in made if run["split"] == "fit"]
    second = [run for run in held if run["block"] == "fault"]
    lines += part([run for run in second if not was_looked_at(run)], "Held back: the second target")
    looked = judged([run for run in second if was_looked_at(run)])
    if looked:
        lines += section(
            f"The second target's first draws, which were looked at while rules were written: {len(looked)} runs",
            scores(looked))
    if any(run["block"] == "fault" for run in fit):
        lines += part(
            [run for run in fit if run["block"] == "fault"], "Not held back: spate-intake, which weights are fitted on")
    alike = [run for run in held if run["block"] in ("look-alike", "compound")]
    if judged(alike):
        lines += part(alike, "Look-alikes and compounds")
    lines += section("False alarms", alarm_rows(made))
    lines += section("Outside the catalogue", unknown_lines(made))
    storms = [run for run in made if run["block"] == "storm" and run["truth"]["stayed_down"] is not None]
    if storms:
        lines += section("Storms: metastable or not", storm_lines(storms))
    lines += section("By mechanism", by_mechanism(judged(made)))
    left = [run["id"] for run in made if run["block"] == "no-impact" and run["truth"]["impact"]]
    relabelled = [run["id"] for run in made if run["block"] == "fault" and run["truth"]["mechanism"] == "HEALTHY"]
    if left:
        lines += section("Meant to have no impact, had one: left out", [", ".join(left)])
    if relabelled:
        lines += section("Injected, and nobody could notice: the right answer is HEALTHY", [", ".join(relabelled)])
    lines += section("Every miss", miss_rows(judged(made) + healthy(made) + [
        run for run in made if run["truth"]["mechanism"] == "UNKNOWN"]))
    if failed:
        lines += section("Runs that could not be made", [f"- {run['id']}: {run['failed']}" for run in failed])
    return "\n".join(lines) + "\n"
