#!/usr/bin/env python3
"""Whether Spate's numbers can be believed, shown on the built program: runs every check of this
folder, prints a table and keeps it in reports/benchmarks/trust-<stamp>.md with machine and commit.

    Benchmarks/trust/trust.py            all checks, about an hour; the machine must be otherwise idle
    Benchmarks/trust/trust.py --quick    the same with short runs, about five minutes: no proof, a rehearsal
    Benchmarks/trust/joined.py --seconds 10     one check by itself, with its own flags
"""
import argparse
import datetime
import os
import platform
import subprocess
import sys

import foreign_upload
import frozen
import joined
import journey
import kill9
import open_loop
import ports
import retries
import slow_dns
import shaping
import stand
import steady

CHECKS = [open_loop, frozen, joined, slow_dns, shaping, ports, steady, kill9, retries, foreign_upload, journey]
QUICK = {
    open_loop: ["--seconds", "5", "--rounds", "1"],
    frozen: ["--seconds", "12"],
    joined: ["--seconds", "8"],
    slow_dns: [],
    shaping: ["--clients", "1000"],
    # Fewer would fit into the ports there are.
    ports: [],
    steady: ["--minutes", "0.5"],
    kill9: ["--rounds", "4", "--longest", "5"],
    retries: ["--seconds", "8"],
    foreign_upload: ["--uploads", "50", "--files", "10"],
    journey: ["--rate-factor", "0.2"],
}


def said(*command):
    """What a command says; nothing where it cannot be run."""
    try:
        return subprocess.run(command, cwd=stand.ROOT, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def machine():
    with open("/proc/cpuinfo") as file:
        models = {line.split(":")[1].strip() for line in file if line.startswith("model name")}
    return f"{os.cpu_count()} cores {', '.join(models)}, {platform.system()} {platform.release()}"


def table(done, options):
    commit = said("git", "rev-parse", "--short", "HEAD")
    dirty = " with changes" if said("git", "status", "--porcelain", "Sources") else ""
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
    kind = "short runs, no proof" if options.quick else "whole runs"
    text = f"# Trust\n\n{stamp}, commit {commit}{dirty}, {kind}. {machine()}, load {os.getloadavg()[0]:.2f}.\n"
    for check in done:
        text += f"\n## {check.name}: {'holds' if check.ok else 'DOES NOT HOLD'}\n\n"
        text += "| what | measured | allowed | |\n|---|---|---|---|\n"
        for what, measured, allowed, ok in check.rows:
            word = {True: "ok", False: "**no**", None: ""}[None if ok is None else bool(ok)]
            text += f"| {what} | {measured} | {allowed} | {word} |\n"
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="names with commas: open_loop,frozen,joined,slow_dns,shaping,steady,kill9,"
                        "retries,foreign_upload,journey")
    parser.add_argument("--spate", help="the program, when not .build/release/spate")
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else [check.__name__ for check in CHECKS]
    done = []
    for module in CHECKS:
        if module.__name__ not in wanted:
            continue
        words = QUICK[module] if options.quick else []
        words = words + (["--spate", options.spate] if options.spate else [])
        print(f"\n{module.__name__} {' '.join(words)}", flush=True)
        done.append(module.run(module.PARSER.parse_args(words)))
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    os.makedirs(f"{stand.ROOT}/reports/benchmarks", exist_ok=True)
    path = f"{stand.ROOT}/reports/benchmarks/trust-{stamp}.md"
    with open(path, "w") as file:
        file.write(table(done, options))
    for check in done:
        print(f"{'holds         ' if check.ok else 'DOES NOT HOLD '} {check.name}")
    print(path)
    sys.exit(0 if done and all(check.ok for check in done) else 1)


if __name__ == "__main__":
    main()
