"""The validation's pure parts: loads, the catalogue, scenarios, baselines, impact, shares and the page."""
import dataclasses
import math
import re
import unittest

from validation import baselines, catalogue_more, impact, mechanisms, scenario, stats, summary, table
from validation.catalogue import Clients, Run
from validation.loads import Load


def row(t, done=50, good=50, p50=10.0, p99=20.0, outcomes=None, in_flight=5):
    bad = outcomes or {}
    counts = {"2xx": good} | bad
    return {"t": t, "offered": 50, "attempts": 50, "done": done, "good": good, "p50": p50, "p99": p99,
            "outcomes": {name: count for name, count in counts.items() if count}, "in_flight": in_flight}


def report(change=None, seconds=60):
    """A report whose second half is as `change(t)` says."""
    return {"series": [change(t) if change and t >= 30 else row(t) for t in range(seconds)],
            "run": {"started": "2026-01-01T00:00:00.000Z", "version": "1"}}


class StatsTest(unittest.TestCase):
    def test_wilson_is_the_textbook_interval(self):
        low, high = stats.wilson(10, 100)
        self.assertAlmostEqual(low, 0.0552, places=4)
        self.assertAlmostEqual(high, 0.1744, places=4)
        self.assertEqual(stats.wilson(0, 50)[0], 0)
        self.assertEqual(stats.wilson(50, 50)[1], 1)
        self.assertEqual(stats.wilson(0, 0), (0.0, 1.0))

    def test_no_alarm_in_300_runs_bounds_their_share_at_one_percent(self):
        self.assertAlmostEqual(stats.upper_bound(0, 300), 1 - 0.05 ** (1 / 300), places=9)
        self.assertAlmostEqual(stats.upper_bound(0, 300), 0.00994, places=5)
        bound = stats.upper_bound(3, 300)
        below = sum(math.comb(300, k) * bound ** k * (1 - bound) ** (300 - k) for k in range(4))
        self.assertAlmostEqual(below, 0.05, places=9)
        self.assertEqual(stats.upper_bound(5, 5), 1.0)

    def test_quantiles_and_spread(self):
        self.assertEqual(stats.quantile([3, 1, 2], 0.5), 2)
        self.assertEqual(stats.median([4, 1, 2, 3]), 2.5)
        self.assertAlmostEqual(stats.deviation([1, 2, 3, 4, 5]), 1.4826)
        self.assertIsNone(stats.median([]))

    def test_calibration_compares_confidence_with_the_share_right(self):
        answers = [(0.9, True)] * 9 + [(0.9, False)] + [(0.55, False)] * 2 + [(1.0, True)]
        rows = stats.calibration(answers)
        self.assertEqual([(round(low, 1), count) for low, count, _, _ in rows], [(0.5, 2), (0.9, 11)])
        error = stats.expected_calibration_error([(0.8, True), (0.8, False)])
        self.assertAlmostEqual(error, 0.3)
        self.assertIsNone(stats.expected_calibration_error([]))

    def test_brier_is_0_for_the_truth_and_2_for_its_opposite(self):
        self.assertEqual(stats.brier([({"a": 1.0, "b": 0.0}, "a")]), 0)
        self.assertEqual(stats.brier([({"a": 1.0, "b": 0.0}, "b")]), 2)
        self.assertEqual(stats.brier([({"a": 1.0}, "c")]), 2)


class LoadTest(unittest.TestCase):
    def test_rates_follow_the_corners(self):
        ramp = Load("ramp", 10, 50, 20, 80)
        self.assertEqual([ramp.rate(t) for t in (0, 19, 45, 70, 79)], [10, 10, 30, 50, 50])
        self.assertEqual(ramp.reaches(30), 45)
        self.assertIsNone(ramp.reaches(51))
        self.assertEqual(Load("step", 10, 50, 20, 80).reaches(11), 20)
        self.assertEqual(Load("surge", 10, 50, 20, 80).rate(60), 10)
        self.assertEqual(ramp.intents, 10 * 20 + 30 * 50 + 50 * 10)

    def test_stages_last_as_long_as_the_load(self):
        for shape in ("constant", "ramp", "step", "surge"):
            load = Load(shape, 10, 50, 20, 80)
            stages = load.stages()
            lengths = [int(re.search(r"duration: (\d+)s", stage).group(1)) for stage in stages]
            self.assertEqual(sum(lengths), 80, shape)
            self.assertEqual(sum("step" in stage for stage in stages), {"step": 1, "surge": 1}.get(shape, 0))
        self.assertIn("target: 10.000/s", Load("step", 10, 50).stages(0.2)[1])

    def test_a_storm_has_a_trigger_and_a_relief(self):
        storm = Load("storm", 20, 100, 30, 155)
        self.assertEqual([storm.rate(t) for t in (0, 30, 44, 45, 105, 124, 125)], [20, 100, 100, 20, 4, 4, 20])
        stages = storm.stages()
        self.assertEqual(len(stages), 5)
        self.assertEqual(stages[3], "{ name: relief, duration: 20s, target: 4.000/s, kind: relief, shape: step }")
        self.assertEqual(stages[0], "{ name: baseline, duration: 30s, target: 20.000/s }")


class CatalogueTest(unittest.TestCase):
    RUNS = catalogue_more.runs()

    def block(self, name):
        return [run for run in self.RUNS if run.block == name]

    def test_there_are_as_many_runs_as_the_validation_asks_for(self):
        self.assertGreaterEqual(len(self.block("fault")), 120)
        self.assertEqual(len(self.block("healthy")), 300)
        self.assertEqual(len(self.block("look-alike")), 40)
        self.assertEqual(len(self.block("outside")), 20)
        self.assertEqual(len(self.block("no-impact")), 20)
        self.assertGreaterEqual(len(self.block("compound")), 10)

    def test_names_are_unique_and_make_the_same_run_again(self):
        again = catalogue_more.runs()
        self.assertEqual(len({run.id for run in self.RUNS}), len(self.RUNS))
        self.assertEqual(self.RUNS, again)
        self.assertTrue(all(re.fullmatch(r"[A-Za-z0-9-]+", run.id) for run in self.RUNS))

    def test_only_plain_faults_of_one_target_are_fitted_on(self):
        for run in self.RUNS:
            fitted = run.block in ("fault", "storm") and run.target == "intake"
            self.assertEqual(run.split == "fit", fitted, run.id)

    def test_every_run_has_a_baseline_and_lasts_as_long_as_it_must(self):
        for run in self.RUNS:
            seconds = {"healthy": 30, "storm": 155}.get(run.block, 80)
            self.assertEqual(run.load.seconds, seconds, run.id)
            limit = run.capacity if run.capacity and run.block != "storm" else float("inf")
            if run.load.shape != "constant":
                self.assertGreaterEqual(run.load.begin, 10 if run.block == "healthy" else 15, run.id)
            self.assertLess(run.load.quiet, 0.55 * limit, run.id)
            if run.block not in ("healthy", "storm"):
                # A baseline needs 200 answers.
                self.assertGreater(run.load.quiet * run.load.begin, 200, run.id)
            for fault in run.faults:
                at = catalogue_more.at_of(fault) if run.target == "intake" else fault["at"]
                self.assertTrue(at <= 5 or 20 <= at <= 55, run.id)

    def test_blocks_take_turns(self):
        first = [run.block for run in self.RUNS[:60]]
        self.assertGreaterEqual(len(set(first)), 5)

    def test_two_faults_of_a_compound_begin_one_after_the_other(self):
        for run in self.block("compound"):
            times = [catalogue_more.at_of(fault) for fault in run.faults]
            self.assertEqual(times, sorted(times), run.id)
            self.assertEqual(len(run.truth), 2)

    def test_storms_lie_on_both_sides_of_the_hidden_capacity(self):
        storms = self.block("storm")
        self.assertEqual(len(storms), 20)
        for run in storms:
            asked = run.load.quiet * (1 + run.clients.retries) / run.capacity
            self.assertTrue(asked > 1.15 if run.overlays else asked < 0.8, run.id)
            self.assertLess(run.load.quiet, run.capacity)
        self.assertEqual(sum(bool(run.overlays) for run in storms), 10)

    def test_truths_are_mechanisms(self):
        known = set(mechanisms.OF)
        self.assertTrue(all(set(run.truth) <= known for run in self.RUNS))


class ScenarioTest(unittest.TestCase):
    def test_a_scenario_says_nothing_of_the_truth(self):
        for run in catalogue_more.runs():
            text = scenario.text(run, "http://127.0.0.1:8080", "http://127.0.0.1:8081/metrics", 8080)
            self.assertNotIn(run.id, text)
            for mechanism in run.truth:
                self.assertNotIn(mechanism, text)
            self.assertNotIn("at=", text)
            self.assertIn(f"seed: {run.seed}", text)

    def test_devices_and_videos_come_where_they_are_wanted(self):
        plain = Run("x", "fault", "nginx", "held", 0, ("M02",), Load("constant", 10, 10))
        text = scenario.text(plain, "http://127.0.0.1:1")
        self.assertNotIn("devices", text)
        self.assertNotIn("probes:", text)
        self.assertEqual(text.count("executor: ramping-arrival-rate"), 2)
        more = Run("y", "fault", "nginx", "held", 0, ("M12",), Load("constant", 10, 10),
                   clients=Clients(devices=3, videos=1000, videos_at=30))
        text = scenario.text(more, "http://127.0.0.1:1", "http://127.0.0.1:2/metrics", 1)
        self.assertIn('X-Device: "{{ devices.id }}"', text)
        self.assertIn('X-Device: "person-{{ $seq }}"', text)
        self.assertIn("startTime: 30s", text)
        self.assertIn("upstream_queue_depth: app.queue_depth", text)


class ImpactTest(unittest.TestCase):
    def test_losses_and_slowness_are_noticed_after_ten_seconds(self):
        self.assertFalse(impact.has_impact(report()))
        self.assertTrue(impact.has_impact(report(lambda t: row(t, good=45, outcomes={"503": 5}))))
        self.assertFalse(impact.has_impact(report(lambda t: row(t, good=49, outcomes={"503": 1}))))
        self.assertTrue(impact.has_impact(report(lambda t: row(t, p50=16.0))))
        self.assertFalse(impact.has_impact(report(lambda t: row(t, p50=14.0))))
        short = report(lambda t: row(t, p50=90.0) if t < 39 else row(t))
        self.assertFalse(impact.has_impact(short))

    def test_what_was_not_done_stayed_down(self):
        down = report(lambda t: row(t, good=10, outcomes={"503": 40}))
        self.assertIs(impact.stayed_down(down, 40, 55), True)
        self.assertIs(impact.stayed_down(report(), 40, 55), False)
        self.assertIsNone(impact.stayed_down(report(), 100, 110))

    def test_a_server_that_answers_nothing_is_noticed(self):
        silent = report(lambda t: row(t, done=0, good=0, p50=None, p99=None, in_flight=100))
        self.assertTrue(impact.has_impact(silent))
        self.assertEqual(impact.began(silent), 30)


class BaselinesTest(unittest.TestCase):
    def answers(self, change=None):
        return {name: answer["mechanism"] for name, answer in baselines.answers(report(change)).items()}

    def test_healthy_is_healthy(self):
        self.assertEqual(set(self.answers().values()), {"HEALTHY"})

    def test_codes_are_taken_at_their_word(self):
        full = self.answers(lambda t: row(t, good=0, outcomes={"507": 50}))
        self.assertEqual(full["status code"], "M17")
        self.assertEqual(full["3 sigma, 3 x p99"], "M17")
        self.assertEqual(self.answers(lambda t: row(t, good=20, outcomes={"503": 30}))["status code"], "M02")
        refused = self.answers(lambda t: row(t, good=0, p50=0.2, p99=0.3, outcomes={"refused": 50}))
        self.assertEqual(refused["status code"], "M20")

    def test_slowness_is_a_lack_of_workers_to_all(self):
        self.assertEqual(set(self.answers(lambda t: row(t, p50=90.0, p99=400.0)).values()), {"M02"})

    def test_what_moves_first_names_the_first_signal(self):
        def change(t):
            return row(t, p50=100.0, p99=300.0) if t < 40 else row(t, good=0, outcomes={"500": 50})
        found = self.answers(change)
        self.assertEqual(found["first signal"], "M02")
        self.assertEqual(found["status code"], "M25")

    def test_every_mechanism_has_a_family(self):
        for answer in baselines.BY_OUTCOME.values():
            self.assertIn(answer, mechanisms.OF)


def made(number, truth, first, probability=0.9, grade="CAUSE", block="fault", split="held", impact=True):
    def answer():
        return {"grade": grade, "mechanism": first, "family": mechanisms.family(first), "posterior": probability,
                "ranking": [[first, probability], ["M14", 1 - probability]],
                "families": [[mechanisms.family(first), probability]], "onset": 31.0, "knee": None, "overlays": []}
    return {
        "id": f"run-{number}", "block": block, "target": "nginx", "split": split, "version": "1", "load_driven": False,
        "truth": {"mechanism": truth, "all": [truth], "family": mechanisms.family(truth), "onset": 30.0,
                  "capacity": None, "impact": impact},
        "client": answer(), "server": answer(),
        "baselines": {"status code": {"mechanism": "M02", "family": "CAPACITY"}}}


class TableTest(unittest.TestCase):
    RUNS = [
        made(1, "M02", "M02"), made(2, "M02", "M17"), made(3, "M17", "M17"),
        made(4, "M14", "M02", grade="FAMILY"), made(5, "HEALTHY", "HEALTHY", grade="HEALTHY", block="healthy"),
        made(6, "HEALTHY", "M02", grade="LEADING", block="healthy"),
        made(7, "UNKNOWN", "UNKNOWN", grade="NOT_ENOUGH_EVIDENCE", block="outside"),
        made(8, "UNKNOWN", "M12", block="outside")]

    def test_places_are_counted(self):
        found = table.accuracy(table.judged(self.RUNS), "client")
        self.assertEqual(found["runs"], 4)
        self.assertEqual(found["mechanism@1"], 2)
        self.assertEqual(found["mechanism@3"], 3)
        self.assertEqual(found["family@1"], 3)
        self.assertEqual((found["cause"], found["cause right"]), (3, 2))

    def test_alarms_need_a_grade_and_a_fault(self):
        self.assertEqual([table.is_alarm(run["client"]) for run in table.healthy(self.RUNS)], [False, True])

    def test_a_weak_fault_that_was_noticed_is_left_out(self):
        weak = made(9, "HEALTHY", "M02", block="no-impact", impact=True)
        self.assertEqual(table.healthy([weak]), [])
        weak["truth"]["impact"] = False
        self.assertEqual(table.healthy([weak]), [weak])

    def test_the_page_has_intervals_and_every_miss(self):
        page = table.render(self.RUNS + [{"id": "run-x", "block": "fault", "failed": "nothing listens"}], 100)
        self.assertIn("8 of 100 runs", page)
        # run-1 is a first draw: looked at while rules were written, and counted apart.
        self.assertIn("| mechanism, first place | 33.3 % (1/3, 6 % to 79 %) |", page)
        self.assertIn("first draws, which were looked at while rules were written: 1 runs", page)
        self.assertIn("| status code | 66.7 % (2/3,", page)
        self.assertIn("healthy, clients alone | 1 of 2 |", page)
        for name in ("run-2", "run-4", "run-6", "run-8"):
            self.assertIn(f"| {name} |", page)
        for name in ("run-1", "run-3", "run-5", "run-7"):
            self.assertNotIn(f"| {name} |", page)
        self.assertIn("run-x: nothing listens", page)

    def test_storms_are_judged_by_what_was_seen(self):
        def storm(number, stayed, state):
            run = made(number, "M02", "M02", block="storm")
            run["what"] = "1.30 of the capacity"
            run["truth"]["stayed_down"] = stayed
            run["client"]["metastable"] = {
                "state": state, "t_fresh": 20.0, "t_storm": None, "t_recovered": 25.4, "amplification": 2.0}
            return run
        lines = table.storm_lines([
            storm(1, True, "METASTABLE"), storm(2, False, "RECOVERED_SLOWLY"), storm(3, True, "UNDECIDED")])
        self.assertIn("66.7 % (2/3,", lines[0])
        self.assertIn("undecided in 1;", lines[0])
        self.assertIn("| run-1 | 1.30 of the capacity | yes | METASTABLE | 20 s | - | 25 s |", lines)

    def test_an_empty_score_is_a_page_too(self):
        self.assertIn("0 of 7 runs", table.render([], 7))


class SummaryTest(unittest.TestCase):
    RUN = Run("intake-M20-0", "fault", "intake", "fit", 0, ("M20",), Load("ramp", 10, 50, 20, 80), capacity=30.0)

    def test_the_onset_is_when_the_target_says(self):
        late = {"faults": [{"began": {"at": "2026-01-01T00:00:30.500Z", "t": 30}}]}
        self.assertEqual(summary.onset(self.RUN, late, report(), None), 30.5)
        again = {"faults": [dict(late["faults"][0], occurrences=[{"began": {"at": "2026-01-01T00:00:41.000Z"}}])]}
        self.assertEqual(summary.onset(self.RUN, again, report(), None), 41)
        upstream = {"faults": [{"began": "2026-01-01T00:00:33.000Z"}]}
        self.assertEqual(summary.onset(self.RUN, upstream, report(), None), 33)

    def test_else_when_the_load_passes_what_was_measured(self):
        early = {"faults": [{"began": {"at": "2026-01-01T00:00:01.000Z", "t": 1}}]}
        self.assertEqual(summary.onset(self.RUN, early, report(), None), 45)
        self.assertEqual(summary.onset(self.RUN, early, report(), 50.0), 70)

    def test_where_the_load_takes_capacity_away_it_is_when_clients_could_notice(self):
        contended = dataclasses.replace(self.RUN, truth=("M15",))
        failing = report(lambda t: row(t, good=50 if t < 33 else 0, outcomes={"503": 50}))
        self.assertEqual(summary.onset(contended, {}, failing, 5.0), 33)

    def test_families_are_sums(self):
        found = mechanisms.families([("M02", 0.4), ("M17", 0.35), ("M14", 0.25)])
        self.assertEqual([name for name, _ in found], ["CAPACITY", "DEPLETION"])
        self.assertTrue(math.isclose(found[0][1], 0.65))

    def test_what_nobody_noticed_is_relabelled(self):
        def explained(change=None):
            return report(change) | {
                "verdict": {"grade": "HEALTHY", "mechanism": None, "family": "HEALTHY", "posterior": 0.9},
                "hypotheses": [{"id": "HEALTHY", "posterior": 0.9}], "evidence": [], "validity": {"state": "valid"},
                "knee": None, "onset": None, "metastable": None}
        weak = summary.of(self.RUN, {"faults": []}, explained(), explained(), "seal")
        self.assertEqual(weak["truth"]["mechanism"], "HEALTHY")
        self.assertEqual(weak["truth"]["injected"], ["M20"])
        hit = explained(lambda t: row(t, good=0, outcomes={"refused": 50}))
        strong = summary.of(self.RUN, {"faults": [], "capacity_measured": 30.0}, hit, hit, "seal")
        self.assertEqual(strong["truth"]["mechanism"], "M20")
        self.assertEqual(strong["truth"]["impact_from"], 30)


if __name__ == "__main__":
    unittest.main()
