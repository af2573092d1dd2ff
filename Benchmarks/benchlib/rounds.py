"""One measured run of one generator, and the order in which rounds take turns."""
from dataclasses import asdict, dataclass, field

from .children import Child


@dataclass
class Round:
    """One run: what the kernel and the server counted, and what follows from it."""

    tool: str
    number: int
    command: str
    exit_code: int
    cpu_seconds: float
    peak_kb: int
    requests: int
    body_bytes: int
    connections: int
    seconds: float              # first to last answer, or what was asked where the server cannot say
    claimed: int = None
    failed: int = None
    problem: str = ""
    extra: dict = field(default_factory=dict)

    def quantities(self):
        """The figures of the tables, by name."""
        values = {"rss_mb": self.peak_kb / 1024, **self.extra}
        if self.requests > 0:
            values["cpu_us"] = self.cpu_seconds * 1e6 / self.requests
            if self.seconds > 0:
                values["rate"] = self.requests / self.seconds
        if self.body_bytes > 0:
            values["cpu_s_per_gb"] = self.cpu_seconds / (self.body_bytes / 1e9)
        return values

    def record(self):
        return {**asdict(self), "quantities": self.quantities()}


def turns(first, others, number):
    """The order of a round: the compared tools side by side, A B C then C B A and rotated, then the others.

    A drift of the machine's load then favours none of them.
    """
    def turned(names):
        if not names:
            return []
        shift = number // 2 % len(names)
        rotated = names[shift:] + names[:shift]
        return rotated[::-1] if number % 2 else rotated
    return turned(list(first)) + turned(list(others))


def run_once(generator, workload, make_server, number, core, label=None, allowance=90):
    """Runs a generator once against a fresh server."""
    server = make_server()
    try:
        task = workload.with_url(server.url)
        child = Child(generator.command(task), core, generator.environment(task))
        finished = child.wait(workload.seconds + allowance)
        served = server.served()
    finally:
        server.stop()
    claim = _claim(generator, finished.output)
    result = Round(
        tool=label or generator.name, number=number, command=" ".join(finished.command),
        exit_code=finished.exit_code, cpu_seconds=finished.cpu_seconds, peak_kb=finished.peak_kb,
        requests=served.requests, body_bytes=served.body_bytes, connections=served.connections,
        seconds=served.seconds or (0 if workload.requests else workload.seconds),
        claimed=claim.done if claim else None, failed=claim.failed if claim else None)
    result.problem = _problem(result, workload, finished)
    return result, finished


def _claim(generator, output):
    try:
        return generator.claim(output)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _problem(result, workload, finished):
    """Why this round may not count, in words; empty when nothing is wrong."""
    # 95: spate says that it was the limit, which a closed loop on one core makes it. siege ends with 1.
    if result.exit_code not in (0, 95) and result.tool != "siege":
        last = (finished.errors.strip() or finished.output.strip()).splitlines()[-1:]
        return f"exit {result.exit_code}: {''.join(last)[:200]}"
    if result.requests <= 0:
        return "the server answered nothing"
    if result.failed:
        return f"{result.failed} failed"
    if result.claimed is not None and not workload.body:
        # What was in flight at the end is counted by one side only.
        if abs(result.claimed - result.requests) > 2 * workload.clients * workload.streams + result.requests * 0.01:
            return f"counts differ: it says {result.claimed}, the server {result.requests}"
    return ""
