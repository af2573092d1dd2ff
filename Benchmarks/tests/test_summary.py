"""Medians, pairing, order and limits, by hand-made rounds."""
import json
import os
import tempfile
import unittest

from benchlib import report, summary, thresholds
from benchlib.rounds import Round, turns


def row(tool, number, cpu, requests=1000, problem=""):
    one = Round(
        tool=tool, number=number, command=f"run {tool}", exit_code=0, cpu_seconds=cpu, peak_kb=2048,
        requests=requests, body_bytes=0, connections=1, seconds=2.0)
    one.problem = problem
    return one.record()


ROUNDS = [
    row("floor", 0, 0.040), row("spate", 0, 0.044), row("floor", 1, 0.080), row("spate", 1, 0.100),
    row("floor", 2, 0.050), row("spate", 2, 0.045), row("spate", 3, 0.9), row("hey", 0, 0.1, problem="exit 1: no"),
]


class SummaryTest(unittest.TestCase):
    def test_quantities_follow_from_what_was_counted(self):
        values = row("spate", 0, 0.044)["quantities"]
        self.assertAlmostEqual(values["cpu_us"], 44)
        self.assertAlmostEqual(values["rate"], 500)
        self.assertAlmostEqual(values["rss_mb"], 2)
        self.assertNotIn("cpu_us", row("spate", 0, 1, requests=0)["quantities"])

    def test_ratios_are_of_the_same_round(self):
        ratio = summary.paired(ROUNDS, "cpu_us", "spate", "floor")
        self.assertAlmostEqual(ratio.median, 1.1)   # of 1.1, 1.25 and 0.9; the fourth round has no partner
        self.assertAlmostEqual(ratio.least, 0.9)
        self.assertAlmostEqual(ratio.most, 1.25)
        self.assertEqual(ratio.count, 3)

    def test_a_crashed_round_does_not_count(self):
        self.assertIsNone(summary.of(ROUNDS, "cpu_us", "hey"))
        self.assertIsNone(summary.paired(ROUNDS, "cpu_us", "spate", "hey"))

    def test_turns_alternate_and_visit_everybody(self):
        self.assertEqual(turns(["a", "b"], [], 0), ["a", "b"])
        self.assertEqual(turns(["a", "b"], [], 1), ["b", "a"])
        firsts = [turns(["a", "b", "c"], ["x", "y"], number)[0] for number in range(6)]
        self.assertEqual(sorted(firsts), ["a", "a", "b", "b", "c", "c"])
        for number in range(9):
            order = turns(["a", "b", "c"], ["x", "y"], number)
            self.assertEqual(set(order[:3]), {"a", "b", "c"})
            self.assertEqual(set(order[3:]), {"x", "y"})


class ThresholdsTest(unittest.TestCase):
    def judge(self, *limits, here=("floor", "spate", "hey")):
        checks = thresholds.judge(
            [{"why": "because", **limit} for limit in limits], {"small": {"title": "", "rounds": ROUNDS}}, here)
        return [check.outcome for check in checks]

    def test_limits_are_judged_by_the_median(self):
        self.assertEqual(self.judge(
            {"metric": "small.cpu_us.spate/floor", "at_most": 1.15},
            {"metric": "small.cpu_us.spate/floor", "at_most": 1.05},
            {"metric": "small.rate.spate/floor", "at_least": 0.85},
            {"metric": "small.cpu_us.spate/floor", "at_least": 1.2, "at_most": 1.3},
        ), ["pass", "FAIL", "pass", "FAIL"])

    def test_what_should_have_been_measured_and_was_not_fails(self):
        self.assertEqual(self.judge({"metric": "small.cpu_us.spate/hey", "at_most": 1}), ["FAIL"])
        self.assertEqual(
            self.judge({"metric": "small.cpu_us.spate/hey", "at_most": 1}, here=("floor", "spate")), ["not measured"])
        self.assertEqual(self.judge({"metric": "upload.cpu_us.spate/floor", "at_most": 1}), ["not measured"])

    def test_the_file_of_limits_is_sound(self):
        folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        self.assertGreaterEqual(len(thresholds.load(os.path.join(folder, "thresholds.json"))), 11)
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"limits": [{"metric": "small.cpu_us.spate", "atmost": 1}]}, file)
            file.flush()
            with self.assertRaises(ValueError):
                thresholds.load(file.name)


class ReportTest(unittest.TestCase):
    def test_the_tables_hold_the_medians(self):
        text = report.main_table({"small": {"title": "", "rounds": ROUNDS}})
        self.assertIn("| plain C on libcurl | 50.0 | 500 | 2 |", text)
        own = report.case_table("small", {"title": "", "rounds": ROUNDS})
        self.assertIn("| floor | 50.0 (40.0-80.0) |", own)
        self.assertIn("1.100 (0.900-1.250)", own)

    def test_variants_are_compared_with_their_like(self):
        labels = ["floor", "spate", "floor@64", "spate@64"]
        self.assertEqual(report.opposite("spate@64", "floor", labels), "floor@64")
        self.assertEqual(report.opposite("spate", "floor", labels), "floor")
        self.assertIsNone(report.opposite("floor", "floor", labels))
        self.assertIsNone(report.opposite("spate@10 streams", "floor", labels))
