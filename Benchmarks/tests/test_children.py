"""Processes are measured from outside and do not outlive the program."""
import os
import signal
import sys
import time
import unittest

from benchlib import children
from benchlib.children import Child


class ChildrenTest(unittest.TestCase):
    def tearDown(self):
        children.end_all()

    def test_cpu_and_output_are_the_childs(self):
        work = "for i in range(3_000_000): pass\nprint('done', end='')"
        end = Child([sys.executable, "-c", work]).wait(60)
        self.assertEqual((end.exit_code, end.output), (0, "done"))
        self.assertGreater(end.cpu_seconds, 0.01)

    def test_memory_is_not_what_python_held_when_it_forked(self):
        held = bytearray(os.urandom(1 << 20) * 64)
        child = Child(["sleep", "0.3"])
        end = child.wait(10)
        self.assertEqual(len(held), 64 << 20)
        self.assertLess(end.peak_kb, 32 << 10)
        self.assertGreater(end.peak_kb, 0)

    def test_one_that_takes_too_long_is_killed(self):
        self.assertEqual(Child(["sleep", "60"]).wait(0.1).exit_code, -signal.SIGKILL)

    def test_a_stopped_one_can_be_ended(self):
        child = Child(["sleep", "60"])
        child.signal(signal.SIGSTOP)
        self.assertEqual(child.end().exit_code, -signal.SIGTERM)

    def test_nobody_is_left_behind(self):
        child = Child(["sh", "-c", "sleep 60 & echo $!; wait"])
        while not os.fstat(child._output.fileno()).st_size:
            time.sleep(0.01)
        children.end_all()
        self.assertLess(child.finished.exit_code, 0)
        grandchild, deadline = int(child.finished.output), time.monotonic() + 10
        while runs(grandchild) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(runs(grandchild))


def runs(pid):
    """Whether a process exists and is more than an entry that waits to be reaped."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
