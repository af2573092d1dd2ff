#!/usr/bin/env python3
"""Holds the live view against real terminals: what it leaves behind, what its keys do, what it shows.

    Benchmarks/live/terminal.py [--spate PATH] [--only NAME] [--pictures]

Each case runs `spate run` against the bundled intake on a terminal of its own (a pty; no other program is
needed) and compares the terminal's settings before and after, the screen's modes, the exit code and the
report. `--pictures` also keeps what tmux shows at three sizes and with TERM=dumb under Benchmarks/live/pictures.
Takes about a minute and a half. Exits 0 when every case is as it should be.
"""
import argparse
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCENARIO = """version: 1
name: Live view on a terminal
target: { intake: { workers: 4, serviceTime: 2ms } }
seed: 7
http: { timeout: 3s }
thresholds:
  http_req_failed: [ "rate<0.5" ]
scenarios:
  tips:
    executor: ramping-arrival-rate
    startRate: 20/s
    gracefulStop: 2s
    stages:
      - { name: calm, duration: 4s, target: 20/s }
      - { name: busy, duration: %ds, target: 20/s }
    flow: [ { post: { url: /v1/tips, multipart: { text: "tip {{ $seq }}" }, expect: { status: [201] } } } ]
"""


class Failed(Exception):
    pass


class Screen:
    """A process on a pseudo-terminal whose other side is ours."""

    def __init__(self, command, width=100, height=30, environment=None):
        self.master, self.slave = pty.openpty()
        self.resize(width, height)
        self.before = termios.tcgetattr(self.slave)
        self.output = b""
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for number in (0, 1, 2):
                os.dup2(self.slave, number)
            os.closerange(3, 64)
            variables = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environment or {})}
            for name in ("CI", "NO_COLOR", "FORCE_COLOR"):
                if name not in (environment or {}):
                    variables.pop(name, None)
            os.execvpe(command[0], command, variables)

    def resize(self, width, height):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def take(self, seconds):
        """What comes within that time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.master], [], [], left)[0]:
                try:
                    self.output += os.read(self.master, 65536)
                except OSError:
                    return

    def wait_for(self, text, seconds=20, since=0):
        end = time.monotonic() + seconds
        while text.encode() not in self.output[since:]:
            if time.monotonic() > end:
                raise Failed(f"{text!r} did not come within {seconds} s; the last was {self.output[-400:]!r}")
            self.take(0.1)
        return len(self.output)

    def press(self, keys):
        os.write(self.master, keys.encode())

    def finish(self, seconds=25):
        """Waits for the end; the exit code, or minus the signal's number."""
        end = time.monotonic() + seconds
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise Failed(f"it did not end within {seconds} s")
            self.take(0.1)
        self.take(0.2)
        return os.waitstatus_to_exitcode(status)

    def check_restored(self):
        if (after := termios.tcgetattr(self.slave)) != self.before:
            raise Failed(f"stty differs: {self.before} before, {after} after")
        for mode, on, off in (("?1049", "h", "l"), ("?25", "l", "h"), ("?7", "l", "h")):
            last_on = self.output.rfind(f"\x1b[{mode}{on}".encode())
            last_off = self.output.rfind(f"\x1b[{mode}{off}".encode())
            if last_on >= 0 and last_off < last_on:
                raise Failed(f"mode {mode} was left as the live view has it")

    def close(self):
        os.close(self.master)
        os.close(self.slave)


class Stand:
    def __init__(self, spate, folder):
        self.spate, self.folder, self.count = spate, folder, 0

    def command(self, seconds=60, *more):
        self.count += 1
        path = f"{self.folder}/live{self.count}.yaml"
        with open(path, "w") as file:
            file.write(SCENARIO % seconds)
        self.out = f"{self.folder}/out{self.count}"
        return [self.spate, "run", path, "--out-dir", self.out, *more]

    def report(self):
        with open(self.out + "/report.json") as file:
            return json.load(file)


def expect(is_so, text):
    if not is_so:
        raise Failed(text)


def ended_by(stand, act, code, environment=None):
    """Starts a run, waits until it shows figures, acts, and looks at what is left."""
    screen = Screen(stand.command(), environment=environment)
    try:
        screen.wait_for("good 2")
        act(screen)
        found = screen.finish()
        expect(found == code, f"exit {found}, {code} expected")
        screen.check_restored()
        return screen.output.decode(errors="replace")
    finally:
        screen.close()


def case_end(stand):
    screen = Screen(stand.command(2))
    found = screen.finish(40)
    expect(found in (0, 95), f"exit {found}")
    screen.check_restored()
    expect(b"\x1b[?1049l" in screen.output, "there was no screen")
    after = screen.output[screen.output.rfind(b"\x1b[?1049l"):]
    expect(b"Report: " in after, "the summary is not on the normal screen")
    screen.close()


def case_term(stand):
    ended_by(stand, lambda screen: os.kill(screen.pid, signal.SIGTERM), 105)
    expect(stand.report()["run"]["stopped"] == "signal", "the report does not say that it was stopped")


def case_hangup(stand):
    ended_by(stand, lambda screen: os.kill(screen.pid, signal.SIGHUP), 105)


def case_interrupt(stand):
    text = ended_by(stand, lambda screen: screen.press("\x03"), 105)
    expect("Stopping: " in text, "nothing was said")
    expect(stand.report()["totals"]["intents"] > 0, "no report")


def case_interrupt_twice(stand):
    def twice(screen):
        screen.press("\x03")
        screen.wait_for("Stopping")
        screen.press("\x03")
    ended_by(stand, twice, 105)
    expect(stand.report()["totals"]["intents"] > 0, "no report")


def case_interrupt_thrice(stand):
    def thrice(screen):
        for _ in range(3):
            os.kill(screen.pid, signal.SIGINT)
            screen.take(0.03)
    ended_by(stand, thrice, 105)


def case_quit(stand):
    ended_by(stand, lambda screen: screen.press("\x1c"), -signal.SIGQUIT)


def case_abort(stand):
    # Swift's crash report would ask the keyboard for half a minute what to do next.
    ended_by(stand, lambda screen: os.kill(screen.pid, signal.SIGABRT), -signal.SIGABRT,
             {"SWIFT_BACKTRACE": "enable=no"})


def case_keys(stand):
    def keys(screen):
        screen.press("p")
        at = screen.wait_for("ARRIVALS HELD")
        screen.press("aswitched the router\x7f\x7f\x7f\x7f\x7f\x7fhub\r")
        screen.wait_for("switched the hub", since=at)
        screen.take(1.5)
        screen.press("p")
        screen.wait_for("operator: Operator lets arrivals", since=at)
        screen.press("]")
        screen.wait_for("rate 110 % of the plan", since=at)
        screen.press("[")
        screen.press("\x1b[A\x1bOB")
        screen.press("?")
        screen.wait_for("again to stop now", since=at)
        screen.press("?")
        screen.press("\t")
        screen.wait_for("> tips", since=at)
        screen.press("s")
        screen.wait_for("This screen is in", since=at)
        screen.press("q")
    ended_by(stand, keys, 105)
    report = stand.report()
    told = [entry["label"] for entry in report["timeline"] if entry["kind"] == "operator"]
    wanted = ["holds arrivals", "Note: switched the hub", "come again", "110 %", "100 %", "asks for the end"]
    expect(len(told) == len(wanted) and all(part in label for part, label in zip(wanted, told)), f"timeline: {told}")
    expect(report["totals"]["dropped"] == 0, "held arrivals were dropped")
    with open(stand.out + "/manifest.json") as file:
        phases = json.load(file)["phases"]
    expect(phases[0]["end"] > 5.4, f"the hold of 1.5 s did not move the phases: {phases}")
    expect("offered" in open(stand.out + "/live.txt").read(), "no snapshot")
    expect(report["verdict"]["grade"] not in ("CAUSE", "FAMILY"), f"blamed: {report['verdict']}")


def case_suspend(stand):
    """Ctrl-Z and fg in a shell: the shell has its terminal, then the run has it again."""
    command = stand.command()
    screen = Screen(["bash", "--norc", "--noprofile", "-i"])
    try:
        screen.press("PS1='ready> '; stty -g\n")
        screen.wait_for("ready> ")
        screen.take(0.5)
        before = re.findall(rb"[0-9a-f]+(?::[0-9a-f]+){10,}", screen.output)[-1]
        screen.press(" ".join(command) + "\n")
        screen.wait_for("good 2")
        at = len(screen.output)
        screen.press("\x1a")
        screen.wait_for("Stopped", since=at)
        expect(b"\x1b[?1049l" in screen.output[at:], "the screen was kept")
        screen.press("stty -g\n")
        screen.take(1)
        at = len(screen.output)
        screen.press("fg\n")
        screen.wait_for("\x1b[?1049h", since=at)
        screen.wait_for("offered", since=at)
        screen.press("\x03")
        screen.wait_for("ready> ", 30, since=at)
        screen.press("echo code $?; stty -g\n")
        screen.wait_for("code 105", since=at)
        screen.take(0.5)
        found = re.findall(rb"[0-9a-f]+(?::[0-9a-f]+){10,}", screen.output)
        expect(len(found) >= 3 and set(found) == {before}, f"stty -g: {found}")
        screen.press("exit\n")
        screen.finish()
    finally:
        screen.close()


def case_background(stand):
    """Stopped from outside and let go in the background: it neither draws nor stops for reading."""
    command = stand.command()
    screen = Screen(["bash", "--norc", "--noprofile", "-i"])
    try:
        screen.press("PS1='ready> '\n")
        screen.wait_for("ready> ")
        screen.press(" ".join(command) + "\n")
        screen.wait_for("good 2")
        at = len(screen.output)
        screen.press("\x1a")
        screen.wait_for("Stopped", since=at)
        screen.press("bg\n")
        screen.take(1)
        at = len(screen.output)
        screen.take(2)
        expect(b"\x1b[?1049h" not in screen.output[at:], "it draws in the background")
        screen.press("fg\n")
        screen.wait_for("\x1b[?1049h", since=at)
        screen.press("\x03")
        screen.wait_for("ready> ", 30, since=at)
        screen.press("exit\n")
        screen.finish()
        screen.check_restored()
    finally:
        screen.close()


def case_resize(stand):
    def resize(screen):
        for width, height in ((59, 30), (20, 5), (120, 40), (80, 24)):
            at = len(screen.output)
            screen.resize(width, height)
            os.kill(screen.pid, signal.SIGWINCH)
            screen.wait_for("\x1b[2J", since=at)
            screen.take(0.5)
            shown = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"\n", screen.output[at:]).decode()
            longest = max(len(row) for row in shown.splitlines())
            expect(longest <= width, f"{longest} columns on {width}")
        screen.press("q")
    ended_by(stand, resize, 105)


def case_dumb(stand):
    screen = Screen(stand.command(8), environment={"TERM": "dumb", "LC_ALL": "C"})
    found = screen.finish(60)
    expect(found in (0, 95), f"exit {found}")
    live = screen.output[:screen.output.find(b"\r\n\r\n")]
    expect(b"\x1b" not in screen.output, "a dumb terminal got escapes")
    expect(b"phase busy" in live and live.isascii(), f"lines: {live[-300:]!r}")
    screen.check_restored()
    screen.close()


def case_ci(stand):
    screen = Screen(stand.command(8, "--no-color"), environment={"CI": "true"})
    screen.finish(60)
    expect(b"\x1b" not in screen.output, "CI got a screen")
    expect(screen.output.count(b"wall 00:") >= 2, "no lines")
    screen.close()


def case_quiet(stand):
    screen = Screen(stand.command(2, "-q"))
    screen.finish(40)
    expect(screen.output.strip() == b"", f"-q said {screen.output!r}")
    screen.close()


def gone(process):
    """Waits until a process that lost its terminal has written its files and ended."""
    for _ in range(200):
        if not os.path.exists(f"/proc/{process}"):
            return
        time.sleep(0.1)
    raise Failed(f"process {process} outlives its terminal")


def pictures(stand):
    """What tmux shows, kept as text."""
    folder = f"{ROOT}/Benchmarks/live/pictures"
    os.makedirs(folder, exist_ok=True)
    sizes = ((120, 40, None), (80, 24, None), (60, 12, None), (80, 24, "dumb"))
    for number, (width, height, term) in enumerate(sizes):
        # A server of its own: one that was just told to end may still hold its socket.
        name = f"spate-live-{os.getpid()}-{number}"
        tmux = ["tmux", "-L", name, "-f", "/dev/null"]
        command = " ".join(stand.command(20))
        given = f"TERM={term} " if term else ""
        subprocess.run(
            [*tmux, "-u", "new-session", "-d", "-x", str(width), "-y", str(height),
             f"unset CI; exec env LC_ALL=C.UTF-8 {given}{command}"], check=True)
        try:
            time.sleep(13 if term else 9)
            shown = subprocess.run([*tmux, "capture-pane", "-p"], check=True, capture_output=True, text=True).stdout
            spate = int(subprocess.run(
                [*tmux, "display-message", "-p", "#{pane_pid}"], check=True, capture_output=True, text=True).stdout)
        finally:
            subprocess.run([*tmux, "kill-server"], check=False)
        gone(spate)
        shown = shown.replace(stand.folder, "/tmp")
        with open(f"{folder}/{width}x{height}{'-' + term if term else ''}.txt", "w") as file:
            file.write(shown)
        for words in ("offered", "done", "good", "dropped"):
            expect(words in shown, f"{words} is not at {width}x{height}:\n{shown}")
        expect(all(len(row) <= width for row in shown.splitlines()), "too wide")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spate", default=f"{ROOT}/.build/release/spate")
    parser.add_argument("--only", help="the case of this name")
    parser.add_argument("--pictures", action="store_true", help="also keep what tmux shows")
    arguments = parser.parse_args()
    cases = {name[5:]: case for name, case in globals().items() if name.startswith("case_")}
    if arguments.pictures:
        cases["pictures"] = pictures
    failed = 0
    with tempfile.TemporaryDirectory(prefix="spate-live-") as folder:
        for name, case in cases.items():
            if arguments.only and name != arguments.only:
                continue
            try:
                os.makedirs(f"{folder}/{name}")
                case(Stand(os.path.abspath(arguments.spate), f"{folder}/{name}"))
                print(f"ok      {name}", flush=True)
            except Failed as error:
                failed += 1
                print(f"FAILED  {name}: {error}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
