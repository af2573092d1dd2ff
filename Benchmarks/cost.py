#!/usr/bin/env python3
"""CPU per request of `spate hit` beside plain C on libcurl (floor.c), as a median of paired ratios.

The target runs on one core, the generator on the other; rounds alternate, so that a noisy
neighbour hits both. Prints one line a round and the medians; needs gcc and taskset.

    Benchmarks/cost.py                      against sink.c, which costs next to nothing
    Benchmarks/cost.py --url http://127.0.0.1:8080/   against a server that already runs
"""
import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def build(name, *flags):
    """Compiles a C program of this folder into Benchmarks/bin."""
    os.makedirs(f"{HERE}/bin", exist_ok=True)
    binary = f"{HERE}/bin/{name}"
    subprocess.run(["gcc", "-O2", f"{HERE}/{name}.c", "-o", binary, *flags], check=True)
    return binary


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit(f"nothing listens on port {port}")


def floor_round(binary, url, clients, seconds, body):
    command = ["taskset", "-c", "1", binary, url, str(clients), str(seconds)]
    if body:
        command += [str(body), "1"]
    out = subprocess.run(
        command, env={**os.environ, "SHARE": "1"}, check=True, capture_output=True, text=True
    ).stdout
    cost = float(re.search(r"= ([0-9.]+) us/req", out).group(1))
    rate = float(re.search(r" err ([0-9]+) req/s", out).group(1))
    return cost, rate


def spate_round(binary, url, clients, seconds, body_file):
    command = ["taskset", "-c", "1", binary, "hit", url, "-c", str(clients), "-z", f"{seconds}s", "--json"]
    if body_file:
        command += ["-m", "POST", "-D", body_file]
    out = subprocess.run(command, capture_output=True, text=True)
    if out.returncode not in (0, 95):
        sys.exit(f"spate hit exited {out.returncode}: {out.stderr}")
    result = json.loads(out.stdout)
    done = result["completed"]
    if not done:
        sys.exit(f"nothing completed: {out.stdout}{out.stderr}")
    return result["cpu_seconds"] * 1e6 / done, result["requests_per_second"], result["failed"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--body", type=int, default=0, help="bytes of body, from a file")
    parser.add_argument("--spate", default=f"{ROOT}/.build/release/spate")
    arguments = parser.parse_args()

    curl = subprocess.run(["curl-config", "--libs"], capture_output=True, text=True).stdout.split()
    floor = build("floor", *(curl or ["-lcurl"]))
    target = None
    url = arguments.url
    if not url:
        port = free_port()
        target = subprocess.Popen(["taskset", "-c", "0", build("sink"), str(port)])
        wait_for(port)
        url = f"http://127.0.0.1:{port}/"
    body_file = None
    if arguments.body:
        body_file = f"{HERE}/bin/body"
        with open(body_file, "wb") as file:
            file.write(os.urandom(1 << 20) * (arguments.body >> 20) + bytes(arguments.body & 0xFFFFF))
    ratios, spate_costs, floor_costs, speeds = [], [], [], []
    try:
        for number in range(arguments.rounds):
            def one_floor():
                return floor_round(floor, url, arguments.clients, arguments.seconds, arguments.body)
            def one_spate():
                return spate_round(arguments.spate, url, arguments.clients, arguments.seconds, body_file)
            # A B, then B A: a drift in the machine's load favours neither.
            if number % 2 == 0:
                plain, ours = one_floor(), one_spate()
            else:
                ours, plain = one_spate(), one_floor()
            ratios.append(ours[0] / plain[0])
            spate_costs.append(ours[0])
            floor_costs.append(plain[0])
            speeds.append(ours[1] / plain[1])
            print(
                f"round {number + 1}: floor {plain[0]:6.1f} us ({plain[1]:.0f}/s)"
                f"  spate {ours[0]:6.1f} us ({ours[1]:.0f}/s, {ours[2]} failed)"
                f"  ratio {ratios[-1]:.3f}", flush=True)
    finally:
        if target:
            target.terminate()
            target.wait()
    print(
        f"median: floor {statistics.median(floor_costs):.1f} us, spate {statistics.median(spate_costs):.1f} us, "
        f"ratio {statistics.median(ratios):.3f} (min {min(ratios):.3f}, max {max(ratios):.3f}), "
        f"throughput ratio {statistics.median(speeds):.3f}")


if __name__ == "__main__":
    main()
