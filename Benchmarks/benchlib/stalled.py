"""How much memory an upload in flight takes: thousands of clients against a server that is stopped (SIGSTOP)."""
import signal
import time

from .children import Child, cpu_seconds, peak_memory_kb
from .rounds import Round
from .servers import Sink
from .workload import Workload

SIZES = {"1MB": 1 << 20, "1GB": 1 << 30}
TOOLS = ("floor-file", "spate")
ROUNDS = 3      # memory hardly varies; one with --quick


def run(bench):
    """Stalls every tool with every size; the file of a gigabyte is sparse."""
    clients = 8000
    rounds, missing = [], {name: "not here" for name in TOOLS if not bench.is_here(name)}
    for number in range(_rounds(bench)):
        for size in SIZES if number % 2 == 0 else reversed(list(SIZES)):
            for name in TOOLS if number % 2 == 0 else reversed(TOOLS):
                if name in missing:
                    continue
                one = _stall(bench, name, size, clients, number)
                rounds.append(one.record())
                per_client = one.extra.get("kb_per_client", 0)
                bench.say(f"  stalled {number + 1}: {one.tool} {per_client:.1f} KB per client {one.problem}")
    return {"title": f"{clients:,} uploads in flight against a stopped server", "clients": clients,
            "rounds": rounds, "missing": missing}


def estimate(bench):
    return _rounds(bench) * len(SIZES) * len(TOOLS) * 25


def _rounds(bench):
    return 1 if bench.quick else min(ROUNDS, bench.rounds)


def _stall(bench, name, size, clients, number):
    body = bench.body(SIZES[size], f"upload-{size}")
    generator = bench.generators[name]
    server = Sink(bench.target_core, hold=True)
    try:
        task = Workload(clients=clients, seconds=600, body=body).with_url(server.url)
        command, environment = generator.command(task), generator.environment(task)
        if name == "spate":
            # A deadline of minutes, so that nothing moves before the measurement is over.
            command = [generator.path(), "hit", task.url, "-c", str(clients), "-n", str(clients), "-t", "10m",
                       "-m", "POST", "-D", body, "--json"]
        elif size == "1MB":
            environment = {**environment, "REQUESTS": str(clients)}
        environment["UB"] = "16384"     # plain C told what it cannot know: that buffers must be small
        child = Child(command, bench.generator_core, environment)
        problem = _wait_until_stalled(child, server, clients)
        server.child.signal(signal.SIGSTOP)
        time.sleep(1)
        held, peak, cpu = server.connections(), peak_memory_kb(child.pid), cpu_seconds(child.pid)
        requests = _let_go(child, server, size, clients)
    finally:
        server.stop()
    one = Round(
        tool=f"{name.removesuffix('-file')}@{size}", number=number, command=" ".join(command), exit_code=child.finished.exit_code,
        cpu_seconds=cpu, peak_kb=peak, requests=requests, body_bytes=0, connections=held, seconds=0)
    if problem or peak == 0:
        one.problem = f"the server held {held} connections: {problem or 'the generator ended early'}"
    else:
        one.extra["kb_per_client"] = peak / clients
        if size == "1MB" and requests < clients:
            one.problem = f"after SIGCONT only {requests} uploads arrived"
    return one


def _wait_until_stalled(child, server, clients):
    """Until every client is connected and the generator has nothing left to do."""
    deadline = time.monotonic() + 60
    while server.connections() < clients:
        if child.poll():
            return f"exit {child.finished.exit_code}: {(child.finished.errors or child.finished.output)[-200:]}"
        if time.monotonic() > deadline:
            return "not all clients connected within a minute"
        time.sleep(0.1)
    while time.monotonic() < deadline:
        before, memory = cpu_seconds(child.pid), peak_memory_kb(child.pid)
        time.sleep(1)
        if cpu_seconds(child.pid) - before < 0.05 and peak_memory_kb(child.pid) == memory:
            return ""
    return "it was still busy after a minute"


def _let_go(child, server, size, clients):
    """Wakes the server; a megabyte each is let through and counted, a gigabyte each is cut off."""
    server.child.signal(signal.SIGUSR1)
    server.child.signal(signal.SIGCONT)
    if size == "1MB":
        child.wait(120)
    else:
        child.signal(signal.SIGINT)
        child.wait(1)       # and killed: 8,000 GB would take hours
    return server.served().requests
