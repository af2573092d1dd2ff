"""Child processes: pinned, measured from outside, and never left behind."""
import ctypes
import os
import resource
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_alive = {}


@dataclass
class Finished:
    """What the kernel says about a process that has ended; the process itself was not asked."""

    command: list
    exit_code: int
    cpu_seconds: float
    wall_seconds: float
    peak_kb: int
    output: str
    errors: str


class Child:
    """A process in a session of its own, on one core, whose output goes to files."""

    def __init__(self, command, core=None, environment=None):
        self.command = [str(part) for part in command]
        # taskset replaces itself by the command: the process id, and what wait4 says, are the command's.
        pinned = (["taskset", "-c", str(core)] if core is not None else []) + self.command
        self._output = tempfile.TemporaryFile()
        self._errors = tempfile.TemporaryFile()
        self.peak_kb = 0
        self.finished = None
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            pinned, stdin=subprocess.DEVNULL, stdout=self._output, stderr=self._errors,
            env={**os.environ, **(environment or {})}, start_new_session=True, preexec_fn=_die_with_parent)
        self.pid = self._process.pid
        _alive[self.pid] = self

    def poll(self):
        """Looks once: reads the memory's high-water mark, and reaps the process if it has ended."""
        if self.finished is None:
            self.peak_kb = max(self.peak_kb, peak_memory_kb(self.pid))
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self._reap(status, usage)
        return self.finished

    def wait(self, seconds):
        """Waits for the end; a process that takes longer is killed and counts as failed."""
        deadline = time.monotonic() + seconds
        while self.poll() is None:
            if time.monotonic() > deadline:
                self.signal(signal.SIGKILL, group=True)
                _, status, usage = os.wait4(self.pid, 0)
                self._reap(status, usage)
                break
            time.sleep(0.05)
        return self.finished

    def end(self, first=signal.SIGTERM, seconds=10):
        """Asks it to end, and insists after a while; a stopped process is woken for it."""
        if self.finished is None:
            self.signal(first)
            self.signal(signal.SIGCONT)
        return self.wait(seconds)

    def signal(self, number, group=False):
        """Signals the process, or all it has started in its session."""
        if self.finished is None:
            try:
                (os.killpg if group else os.kill)(self.pid, number)
            except ProcessLookupError:
                pass

    def _reap(self, status, usage):
        self._process.returncode = os.waitstatus_to_exitcode(status)
        _alive.pop(self.pid, None)
        try:
            os.killpg(self.pid, signal.SIGKILL)  # what it started and left behind
        except (ProcessLookupError, PermissionError):
            pass
        self.finished = Finished(
            command=self.command, exit_code=self._process.returncode,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            wall_seconds=time.monotonic() - self._started, peak_kb=self.peak_kb,
            output=_text(self._output), errors=_text(self._errors))


def _text(file):
    file.seek(0)
    text = file.read().decode("utf-8", "replace")
    file.close()
    return text


def _die_with_parent():
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def peak_memory_kb(pid):
    """VmHWM in kilobytes. Not wait4's ru_maxrss: that one starts at what Python held when it forked."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def cpu_seconds(pid):
    """CPU a running process has used, in seconds; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def end_all():
    """Kills what this program started and has not yet seen end."""
    for child in list(_alive.values()):
        child.signal(signal.SIGKILL, group=True)
        child.wait(5)


def raise_descriptor_limit(wanted):
    """Raises the soft limit of descriptors, which children inherit; false when the hard limit forbids it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        return False
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return True
