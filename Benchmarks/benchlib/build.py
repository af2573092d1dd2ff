"""Brings what the benchmark needs into Benchmarks/bin: three small C programs and a virtual environment with locust."""
import os
import shutil
import subprocess
import sys

from .generators import BIN, HERE


class NotBuilt(Exception):
    """Something without which nothing can be measured is missing."""


def _compile(source, output, *flags):
    compiler = shutil.which("gcc") or shutil.which("clang") or shutil.which("cc")
    if not compiler:
        raise NotBuilt("no C compiler here; on Debian: apt-get install gcc libc6-dev")
    source, output = os.path.join(HERE, source), os.path.join(BIN, output)
    if os.path.exists(output) and os.path.getmtime(output) > os.path.getmtime(source):
        return
    made = subprocess.run([compiler, "-O2", source, "-o", output, *flags], capture_output=True, text=True)
    if made.returncode:
        raise NotBuilt(f"{source} does not compile:\n{made.stderr}")


def programs():
    """Compiles the yardstick, the sink and, where it can be, the instruction counter."""
    os.makedirs(os.path.join(BIN, "home"), exist_ok=True)
    config = shutil.which("curl-config")
    libraries = subprocess.run([config, "--libs"], capture_output=True, text=True).stdout.split() if config else []
    _compile("floor.c", "floor", *(libraries or ["-lcurl"]))
    _compile("sink.c", "sink")
    try:
        _compile("count_instructions.c", "count_instructions.so", "-shared", "-fPIC")
    except NotBuilt as problem:
        print(problem, file=sys.stderr)


def locust():
    """Installs locust from PyPI into a virtual environment; without a network it is simply not here."""
    environment = os.path.join(BIN, "venv")
    if os.path.exists(os.path.join(environment, "bin", "locust")):
        return ""
    try:
        subprocess.run([sys.executable, "-m", "venv", environment], check=True, capture_output=True, timeout=120)
        subprocess.run(
            [os.path.join(environment, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", "locust"],
            check=True, capture_output=True, timeout=300)
        return ""
    except (OSError, subprocess.SubprocessError) as problem:
        shutil.rmtree(environment, ignore_errors=True)
        said = getattr(problem, "stderr", b"") or b""
        return "locust could not be installed: " + (said.decode("utf-8", "replace").strip() or str(problem))[-300:]
