"""The runs of the validation as data: what is wrong with which target, under which load.

Everything follows from a run's name: the same name always is the same run. `runs()` lists them in
the order in which they are played: blocks take turns, so that a catalogue that was stopped half-way
has something of everything.
"""
import math
import random
from dataclasses import dataclass, field

from validation.loads import Load

# Large enough that a quiet beginning has the 200 answers that a baseline needs.
REGIONS = [(50, 65), (65, 85), (85, 105)]
DRAWS = 3
SECONDS = 80
HEALTHY_SECONDS = 30


# Mean bytes of a request with a picture: a lognormal law of median 150 kB whose p99 is thrice that.
PICTURE = 150_000 * 1.118


@dataclass(frozen=True)
class Clients:
    """What the crowd is like."""

    timeout: float = 4.0
    retries: int = 0
    size: int = 12_000
    spread: float = 6.0         # p99 of the sizes over their median
    keeps: bool = False         # a client keeps its connection for many intents
    network: str = ""           # a preset of spate's, for all
    max_in_flight: int = 8_000
    reads_answer: bool = False  # an answer is good only when it holds a receipt
    devices: int = 0            # the crowd has this few devices; 0 gives each intent its own
    videos: int = 0             # from `videos_at` on a third more, of this median size
    videos_at: int = 0
    tls: bool = False


@dataclass(frozen=True)
class Run:
    """One run: its name, its truth, and how to make it."""

    id: str
    block: str                  # fault, healthy, look-alike, outside, no-impact, compound
    target: str                 # intake or nginx
    split: str                  # fit or held
    region: int
    truth: tuple                # mechanisms; the first is the one that comes first
    load: Load
    server: dict = field(default_factory=dict)
    faults: tuple = ()
    clients: Clients = Clients()
    capacity: float = 0.0       # what its settings make it, a second; 0 where that is not what fails
    overlays: tuple = ()
    what: str = ""

    @property
    def seed(self):
        return random.Random(self.id).randrange(1, 1 << 31)

    @property
    def hogs(self):
        """Whether its target keeps a processor or the disk busy: others beside it would be disturbed, and disturb."""
        return bool(HOGS & set(self.truth)) or any(
            fault.get("burn", 0) > 0.001 for fault in self.faults if isinstance(fault, dict))


# Handshakes and busy processors, contention that spins, a slow disk, and releases that cost more.
HOGS = {"M01", "M08", "M15", "M18", "M25"}


def span(seconds):
    """A duration in the scenario's and the intake's words."""
    return f"{max(1, round(1e6 * seconds))}us"


class Draw:
    """The draws of one run, and the parts that most runs share."""

    def __init__(self, name, region):
        self.rng = random.Random(name)
        self.region = region
        self.capacity = self.rng.uniform(*REGIONS[region])

    def pick(self, *values):
        return self.rng.choice(values)

    def uniform(self, low, high):
        return self.rng.uniform(low, high)

    def at(self):
        """The second at which a fault comes by itself."""
        return self.rng.randrange(28, 42)

    def too_much(self, capacity=None, begin=20):
        """Load that rises beyond the capacity."""
        capacity = capacity or self.capacity
        return Load(
            self.pick("ramp", "surge", "step"), round(self.uniform(0.28, 0.4) * capacity, 2),
            round(self.uniform(1.4, 2.2) * capacity, 2), self.rng.randrange(begin, begin + 6), SECONDS)

    def bearable(self, share=None):
        """Load that the server can do."""
        quiet = round((share or self.uniform(0.3, 0.5)) * self.capacity, 2)
        if self.pick(True, True, False):
            return Load("constant", quiet, quiet, 20, SECONDS)
        return Load("ramp", quiet, round(0.65 * self.capacity, 2), 20, SECONDS)

    def pictures(self):
        """Phones that upload more than sockets hold: others would not notice a slow reader."""
        return self.clients(size=150_000, spread=3.0, timeout=15.0, network="wifi")

    def clients(self, **more):
        keys = {
            "timeout": self.pick(3.0, 4.0, 6.0), "retries": self.pick(0, 0, 1, 3),
            "size": self.pick(4_000, 12_000, 40_000), "keeps": self.pick(True, False)}
        keys.update(more)
        return Clients(**keys)


# MARK: spate-intake. Its faults are written in its own words, see docs/faults.md.

def intake_workers(draw, workers=None):
    """A pool that does `capacity` units a second without using the processor."""
    workers = workers or draw.pick(4, 8, 16)
    service = workers / draw.capacity
    jitter = draw.pick(0, 0.3) * service
    return {"workers": workers, "serviceTime": span(service), "serviceJitter": span(jitter) if jitter else "0",
            "queue": draw.pick(60, 400, 1_000_000), "backlog": 4096}


AMPLE = {"workers": 200, "serviceTime": "5ms", "queue": 1_000_000, "backlog": 4096}


def intake(mechanism, draw):
    """(server, faults, load, clients, capacity) of a fault of the intake."""
    c = draw.capacity
    at = draw.at()
    if mechanism == "M01":
        server = {"workers": 1, "serviceTime": "0", "cpuCost": span(1 / c), "queue": draw.pick(60, 1_000_000)}
        return server, (), draw.too_much(), draw.clients(), c
    if mechanism == "M02":
        return intake_workers(draw), (), draw.too_much(), draw.clients(), c
    if mechanism == "M05":
        backlog = draw.pick(8, 32, 128)
        fault = f"accept at=1s accepts={c:.1f}/s backlog={backlog}"
        return AMPLE, (fault,), draw.too_much(), draw.clients(keeps=False, timeout=6.0), 0
    if mechanism == "M06":
        hold = draw.uniform(1.0, 2.0)
        most = round(c * hold)
        server = dict(AMPLE, workers=2000, serviceTime=span(hold))
        fault = draw.pick(f"descriptors at=1s spare={most}", f"connections at=1s most={most}")
        return server, (fault,), draw.too_much(), draw.clients(keeps=False, timeout=6.0), 0
    if mechanism == "M10":
        fault = f"bandwidth at=1s throughput={round(c / 2 * PICTURE)}B/s"
        return AMPLE, (fault,), draw.too_much(c / 2, 30), draw.pictures(), 0
    if mechanism == "M11":
        clients = draw.clients(size=20_000, spread=12.0)
        return intake_workers(draw), (f"body-limit at={at}s largest={draw.pick(15, 25, 40)}kB",), \
            draw.bearable(), clients, 0
    if mechanism == "M12":
        status = draw.pick(429, 429, 403, 503)
        if draw.region == 1:
            rate = draw.uniform(0.5, 0.8) * 0.3 * c
            fault = f"limiter at={at}s rate={rate:.1f}/s burst=20 key=address status={status}"
            return intake_workers(draw), (fault,), draw.bearable(), draw.clients(), 0
        fault = f"limiter at={at}s rate={draw.uniform(0.5, 2):.2f}/s burst=10 key=X-Device status={status}"
        return intake_workers(draw), (fault,), draw.bearable(), draw.clients(devices=draw.pick(3, 6)), 0
    if mechanism == "M13":
        server = dict(intake_workers(draw), queue=400)
        fault = f"shed at=1s above={draw.pick(4, 8)} status={draw.pick(503, 503, 429)}"
        return server, (fault,), draw.too_much(), draw.clients(), c
    if mechanism == "M14":
        size = draw.pick(1, 2, 4)
        fault = (f"pool at=1s size={size} transaction={span(size / c)} wait={draw.pick('1s', '2s', '30s')} "
                 f"status={draw.pick(500, 503)}")
        return AMPLE, (fault,), draw.too_much(), draw.clients(), 0
    if mechanism == "M15":
        section = 0.4 / c
        fault = f"lock at=1s section={span(section)} coherency={round(1e6 * draw.uniform(0.05, 0.1) / c)}us"
        return dict(AMPLE, workers=64), (fault,), draw.too_much(), draw.clients(), 0
    if mechanism == "M16":
        deadline = draw.pick(1, 2, 3)
        fault = (f"downstream at={at}s delay={deadline + 30}s deadline={deadline}s "
                 f"share={draw.pick(1, 0.6, 0.3)} status={draw.pick(504, 504, 503, 502)}")
        server = dict(AMPLE, workers=1000)
        return server, (fault,), draw.bearable(), draw.clients(timeout=8.0), 0
    if mechanism == "M17":
        clients = draw.clients(size=20_000, spread=3.0)
        load = draw.bearable(0.4)
        # Reached at second `at`, at the mean size of that lognormal law.
        free = round(load.quiet * at * 22_400)
        fault = draw.pick(f"quota at=1s free={free}B", f"disk-full at=1s free={free}B status={draw.pick(507, 500)}")
        return intake_workers(draw), (fault,), Load("constant", load.quiet, load.quiet, 20, SECONDS), clients, 0
    if mechanism == "M18":
        fault = f"fsync at=1s syncs=1 bytes=64KiB latency={span(1 / c)}"
        return AMPLE, (fault,), draw.too_much(), draw.clients(), 0
    if mechanism == "M19":
        if draw.region == 0:
            fault = f"pause at={at}s freeze={draw.pick(600, 1200, 2000)}ms period={draw.pick(3, 5)}s"
        else:
            each = round(200e6 / (0.4 * c * 30))
            fault = f"leak at=5s bytes={each}B memory=200MB then=crash down=3s"
        return intake_workers(draw), (fault,), draw.bearable(0.4), draw.clients(), 0
    if mechanism == "M20":
        again = draw.pick("", f" uptime={draw.pick(6, 9)}s", f" requests={round(5 * c)}")
        fault = f"crash at={at}s down={draw.pick(4, 6, 12) if again else 15}s{again}"
        return intake_workers(draw), (fault,), draw.bearable(), draw.clients(), 0
    if mechanism == "M22":
        state = ["page", "listener-off", "route-off", "page"][draw.region if not draw.pick(0, 1) else 3]
        load = draw.bearable() if draw.region else Load("surge", 0.3 * c, 0.8 * c, 20, SECONDS)
        return intake_workers(draw), (f"switch-off at={at}s state={state}",), load, draw.clients(), 0
    if mechanism == "M23":
        fault = f"cold at={at}s factor={draw.uniform(4, 8):.1f} warmup={draw.pick(15, 25)}s"
        return intake_workers(draw), (fault,), draw.bearable(0.5), draw.clients(), 0
    if mechanism == "M24":
        effect = ["error", "hang", "reset"][draw.region]
        fault = f"instance at={at}s instances={draw.pick(2, 3, 4)} by={draw.pick('connection', 'key')} symptom={effect}"
        return intake_workers(draw), (fault,), draw.bearable(), draw.clients(), 0
    if mechanism == "M25":
        if draw.region == 1:
            fault = f"poison at={at}s share={draw.uniform(0.2, 0.7):.2f} effect=error status={draw.pick(500, 502)}"
        else:
            fault = f"release at={at}s cost={span(draw.uniform(2.5, 4.0) / c)}"
        return intake_workers(draw), (fault,), draw.bearable(0.5), draw.clients(), 0
    raise ValueError(f"the intake has no fault for {mechanism}")


INTAKE = ["M01", "M02", "M05", "M06", "M10", "M11", "M12", "M13", "M14", "M15", "M16", "M17", "M18", "M19", "M20",
          "M22", "M23", "M24", "M25"]

# MARK: nginx in front of upstream.py. Knobs: see upstream.py and targets.py.


def pool_of(draw):
    workers = draw.pick(4, 8, 16)
    return {"workers": workers, "service": workers / draw.capacity, "jitter": draw.pick(0, 0.3),
            "queue": draw.pick(60, 400, 1_000_000)}


ROOMY = {"workers": 1000, "service": 0.004, "queue": 1_000_000}


def nginx(mechanism, draw):
    """(server, faults, load, clients, capacity) of a fault of the second target."""
    c = draw.capacity
    at = draw.at()
    if mechanism == "M01":
        return {"workers": 1, "burn": 1 / c, "queue": draw.pick(60, 1_000_000)}, (), draw.too_much(), draw.clients(), c
    if mechanism == "M02":
        return pool_of(draw), (), draw.too_much(), draw.clients(), c
    if mechanism == "M05":
        server = dict(ROOMY, direct=True, backlog=draw.pick(8, 32, 128), accepts=c)
        return server, (), draw.too_much(), draw.clients(keeps=False, timeout=6.0), 0
    if mechanism == "M06":
        hold = draw.uniform(1.0, 2.0)
        server = dict(ROOMY, workers=5000, service=hold, direct=True, backlog=64, descriptors=round(c * hold) + 16)
        return server, (), draw.too_much(), draw.clients(keeps=False, timeout=6.0), 0
    if mechanism == "M08":
        # What a handshake costs is the machine's business; RSA with 4096 bits takes some 7 ms.
        server = dict(ROOMY, tls=4096)
        return server, (), draw.too_much(100), draw.clients(keeps=False, tls=True), 0
    if mechanism == "M10":
        server = dict(ROOMY, direct=True, link=c / 2 * PICTURE)
        return server, (), draw.too_much(c / 2, 30), draw.pictures(), 0
    if mechanism == "M11":
        limit = draw.pick(200_000, 500_000, 1_000_000)
        clients = draw.clients(videos=round(limit * draw.uniform(0.8, 1.5)), videos_at=at)
        return dict(pool_of(draw), body_limit=limit), (), draw.bearable(0.3), clients, 0
    if mechanism == "M12":
        status = draw.pick(503, 503, 429)
        load = draw.too_much(0.6 * c, 30)
        if draw.region == 1:
            limit = {"key": "all", "rate": math.ceil(1.4 * load.quiet), "burst": 20, "status": status}
            return dict(pool_of(draw), limit=limit), (), load, draw.clients(), 0
        # The crowd's devices keep within their limit until it grows.
        devices = draw.pick(3, 6)
        limit = {"key": "device", "rate": math.ceil(1.4 * load.quiet / devices), "burst": 20, "status": status}
        return dict(pool_of(draw), limit=limit), (), load, draw.clients(devices=devices), 0
    if mechanism == "M13":
        return dict(pool_of(draw), shed_above=draw.pick(4, 8), queue=400), (), draw.too_much(), draw.clients(), c
    if mechanism == "M14":
        size = draw.pick(1, 2, 4)
        pool = {"size": size, "hold": size / c, "wait": draw.pick(1, 2, 30), "status": draw.pick(500, 503)}
        return dict(ROOMY, pool=pool), (), draw.too_much(), draw.clients(), 0
    if mechanism == "M15":
        lock = {"section": 0.4 / c, "coherency": draw.uniform(0.05, 0.1) / c}
        return dict(ROOMY, workers=64, lock=lock), (), draw.too_much(), draw.clients(), 0
    if mechanism == "M16":
        fault = {"kind": "hang", "at": at, "share": draw.pick(1, 0.6, 0.3)}
        server = dict(ROOMY, read_timeout=draw.pick(1, 2, 3))
        return server, (fault,), draw.bearable(), draw.clients(timeout=8.0), 0
    if mechanism == "M17":
        load = draw.bearable(0.4)
        quota = round(load.quiet * at * 22_400)
        server = dict(pool_of(draw), quota=quota, full_status=draw.pick(507, 500))
        return server, (), Load("constant", load.quiet, load.quiet, 20, SECONDS), draw.clients(size=20_000, spread=3.0), 0
    if mechanism == "M18":
        return dict(ROOMY, fsync=1 / c), (), draw.too_much(), draw.clients(), 0
    if mechanism == "M19":
        fault = {"kind": "pause", "at": at, "length": draw.pick(0.6, 1.2, 2.0), "period": draw.pick(3, 5),
                 "grows": draw.region != 0}
        return pool_of(draw), (fault,), draw.bearable(0.4), draw.clients(), 0
    if mechanism == "M20":
        again = draw.pick(0, 6, 9)
        fault = {"kind": "crash", "at": at, "down": draw.pick(4, 6) if again else 15, "uptime": again}
        return dict(pool_of(draw), direct=draw.region == 0), (fault,), draw.bearable(), draw.clients(), 0
    if mechanism == "M22":
        form = draw.pick("page", "page", "404", "stop")
        load = draw.bearable() if draw.region else Load("surge", 0.3 * c, 0.8 * c, 20, SECONDS)
        return pool_of(draw), ({"kind": "off", "form": form, "at": at},), load, draw.clients(), 0
    if mechanism == "M23":
        fault = {"kind": "cold", "at": at, "factor": draw.uniform(4, 8), "warmup": draw.pick(15, 25)}
        return pool_of(draw), (fault,), draw.bearable(0.5), draw.clients(), 0
    if mechanism == "M24":
        fault = {"kind": "broken", "at": at, "effect": ["error", "hang", "reset"][draw.region]}
        return dict(pool_of(draw), upstreams=draw.pick(2, 3, 4)), (fault,), draw.bearable(), draw.clients(), 0
    if mechanism == "M25":
        if draw.region == 1:
            fault = {"kind": "poison", "at": at, "share": draw.uniform(0.2, 0.7), "status": draw.pick(500, 502)}
        else:
            fault = {"kind": "slower", "at": at, "burn": draw.uniform(2.5, 4.0) / c}
        return pool_of(draw), (fault,), draw.bearable(0.5), draw.clients(), 0
    raise ValueError(f"the second target has no fault for {mechanism}")


NGINX = INTAKE + ["M08"]
MAKERS = {"intake": intake, "nginx": nginx}


def faults():
    """Every mechanism of each target, some draws each; M02, M22 and M25 have one more."""
    for target, mechanisms in (("intake", INTAKE), ("nginx", NGINX)):
        for number in range(DRAWS + 1):
            for mechanism in mechanisms:
                if number == DRAWS and mechanism not in ("M02", "M22", "M25"):
                    continue
                name = f"{target}-{mechanism}-{number}"
                draw = Draw(name, number % 3)
                server, wrong, load, clients, capacity = MAKERS[target](mechanism, draw)
                yield Run(
                    name, "fault", target, "fit" if target == "intake" else "held", number % 3, (mechanism,), load,
                    server, tuple(wrong), clients, capacity)
