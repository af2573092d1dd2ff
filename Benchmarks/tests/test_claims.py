"""Each tool's own words, as captured from real runs, are read right."""
import os
import unittest

from benchlib import claims
from benchlib.claims import Claim
from benchlib.instructions import counted

CAPTURED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "captured")


def captured(name):
    with open(os.path.join(CAPTURED, f"{name}.txt"), encoding="utf-8") as file:
        return file.read()


class ClaimsTest(unittest.TestCase):
    def test_every_tool_is_understood(self):
        for reader, name, expected in [
            (claims.of_floor, "floor", Claim(7948, 0)),
            (claims.of_spate_hit, "spate-hit", Claim(15669, 0)),
            (claims.of_wrk, "wrk", Claim(13118, 0)),
            (claims.of_hey, "hey", Claim(5141, 0)),
            (claims.of_h2load, "h2load", Claim(500, 0)),
            (claims.of_ab, "ab", Claim(500, 0)),
            (claims.of_siege, "siege", Claim(7406, 0)),
            (claims.of_locust, "locust", Claim(6137, 0)),
        ]:
            with self.subTest(name):
                self.assertEqual(reader(captured(name)), expected)

    def test_failures_are_counted(self):
        self.assertEqual(claims.of_hey(captured("hey-refused")), Claim(0, 20))
        self.assertEqual(
            claims.of_wrk("  100 requests in 1.00s, 1KB read\n  Socket errors: connect 1, read 2, write 3, timeout 4\n"
                          "  Non-2xx or 3xx responses: 5\n"), Claim(100, 15))
        self.assertEqual(claims.of_hey("Status code distribution:\n  [201]\t7 responses\n  [503]\t2 responses\n"), Claim(9, 2))

    def test_silence_is_not_zero(self):
        for reader in (claims.of_floor, claims.of_spate_hit, claims.of_wrk, claims.of_hey, claims.of_h2load,
                       claims.of_ab, claims.of_siege, claims.of_locust, claims.of_server):
            with self.subTest(reader.__name__):
                self.assertIsNone(reader(""))
                self.assertIsNone(reader(captured("wrk-refused")))

    def test_the_server_counts(self):
        self.assertEqual(claims.of_server(captured("sink")), (6137, 0, 4, 5.202268))

    def test_the_counter_speaks_last(self):
        self.assertEqual(counted("cpu 0.5s\n\ninstructions 71677051\n"), 71677051)
        self.assertIsNone(counted("qemu: could not load plugin\n"))
