"""What the figures were measured on, and whether it was quiet."""
import os
import platform
import re
import shutil
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = {
    "wrk": "wrk", "hey": "hey", "h2load": "nghttp2-client", "ab": "apache2-utils", "siege": "siege",
    "nginx": "nginx", "qemu-user": "qemu-user", "libcurl": "libcurl4"}


def _said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, cwd=ROOT).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def commit():
    """(short commit, whether the tree differs from it)."""
    short = _said("git", "rev-parse", "--short=9", "HEAD") or "unknown"
    return short, bool(_said("git", "status", "--porcelain", "--untracked-files=no"))


def describe(spate):
    """Everything that the figures depend on and a reader cannot see."""
    model = re.search(r"^model name\s*:\s*(.*)$", _read("/proc/cpuinfo"), re.MULTILINE)
    system = re.search(r'^PRETTY_NAME="?([^"\n]*)', _read("/etc/os-release"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", _read("/proc/meminfo"), re.MULTILINE)
    short, dirty = commit()
    return {
        "cpu": model.group(1) if model else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(memory.group(1)) / 1048576, 1) if memory else None,
        "kernel": platform.release(),
        "system": system.group(1) if system else platform.system(),
        "libcurl": _said("curl-config", "--version").replace("libcurl ", "") or "unknown",
        "commit": short, "tree_differs": dirty,
        "spate": _said(spate, "--version"),
        "versions": versions(),
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "load_average": os.getloadavg()[0],
    }


def versions():
    """Versions of the peers as the distribution says."""
    found = {}
    for tool, package in PACKAGES.items():
        version = _said("dpkg-query", "-W", "-f=${Version}", package)
        if version:
            found[tool] = version
    locust = os.path.join(ROOT, "Benchmarks", "bin", "venv", "bin", "locust")
    if os.path.exists(locust):
        found["locust"] = (_said(locust, "--version").split() + ["", "?"])[1]
    for tool in ("k6", "oha", "vegeta"):
        if shutil.which(tool):
            found[tool] = (_said(tool, "version" if tool == "k6" else "--version").splitlines() or ["?"])[0]
    return found


def cpu_times():
    """(all, idle, stolen) seconds of all cores since the start of the machine."""
    fields = [int(field) for field in _read("/proc/stat").split("\n", 1)[0].split()[1:9]]
    tick = os.sysconf("SC_CLK_TCK")
    return sum(fields) / tick, (fields[3] + fields[4]) / tick, fields[7] / tick


def spate_flags(spate):
    """The long options `spate hit` has: some cases need newer ones."""
    return {flag.rstrip(".") for flag in re.findall(r"--[a-z0-9.-]+", _said(spate, "hit", "--help"))}
