"""The runs beside the plain faults: healthy, look-alikes, outside the catalogue, without impact, compound."""
from validation.catalogue import (
    HEALTHY_SECONDS, REGIONS, SECONDS, Clients, Draw, Run, faults, intake, intake_workers, pool_of,
    span)
from validation.loads import RELIEF, Load

HEALTHY_KINDS = ["constant", "ramp", "spike", "network", "bodies", "no-keep-alive", "many", "patient"]


def healthy(count=300):
    """Half on each target, kinds in turn, up to 0.7 of the capacity."""
    for number in range(count):
        target = ("intake", "nginx")[number % 2]
        kind = HEALTHY_KINDS[number // 2 % len(HEALTHY_KINDS)]
        name = f"healthy-{target}-{kind}-{number}"
        draw = Draw(name, number % len(REGIONS))
        quiet = round(draw.uniform(0.3, 0.5) * draw.capacity, 2)
        high = round(0.7 * draw.capacity, 2)
        load = {
            "ramp": Load("ramp", quiet, high, 10, HEALTHY_SECONDS),
            "spike": Load("step", quiet, high, 15, HEALTHY_SECONDS),
        }.get(kind, Load("constant", quiet, quiet, 10, HEALTHY_SECONDS))
        clients = {
            "network": Clients(network="wifi", timeout=15.0), "bodies": Clients(size=150_000, timeout=10.0),
            "no-keep-alive": Clients(keeps=False), "many": Clients(keeps=True, size=2_000),
        }.get(kind, Clients(keeps=number % 3 == 0, retries=number % 2))
        # Twice the workers: what is healthy must not sit at the edge of a short queue.
        server = intake_workers(draw, 16) if target == "intake" else dict(pool_of(draw), workers=16)
        if target == "nginx":
            server["service"] = 16 / draw.capacity
        yield Run(
            name, "healthy", target, "held", number % 3, ("HEALTHY",), load, server, (), clients, 0, what=kind)


def look_alikes():
    """Things that look like something else; four of each, on both targets."""
    for number in range(4):
        for target in ("intake", "nginx"):
            for kind in ("limiter-503", "page-200", "shedding-works", "off-at-the-peak", "slow-link"):
                name = f"alike-{target}-{kind}-{number}"
                draw = Draw(name, number % 3)
                yield alike(name, kind, target, draw)


def alike(name, kind, target, draw):
    c, at = draw.capacity, draw.at()
    server = intake_workers(draw) if target == "intake" else pool_of(draw)
    clients, load, wrong, truth, capacity = draw.clients(), draw.bearable(), (), ("HEALTHY",), 0
    if kind == "limiter-503":
        truth = ("M12",)
        if target == "intake":
            wrong = (f"limiter at={at}s rate=1/s burst=10 key=X-Device status=503",)
            clients = draw.clients(devices=4)
        else:
            server["limit"] = {"key": "device", "rate": 2, "burst": 10, "status": 503}
            clients, load = draw.clients(devices=4), draw.too_much(0.6 * c, 30)
    elif kind == "page-200":
        truth, clients = ("M22",), draw.clients(reads_answer=True)
        wrong = (f"switch-off at={at}s state=page status=200",) if target == "intake" else (
            {"kind": "off", "form": "page-200", "at": at},)
    elif kind == "shedding-works":
        truth, capacity, load = ("M13",), c, draw.too_much()
        if target == "intake":
            wrong, server = ("shed at=1s above=6 status=503",), dict(server, queue=400)
        else:
            server = dict(server, shed_above=6, queue=400)
    elif kind == "off-at-the-peak":
        truth, load = ("M22",), Load("surge", round(0.3 * c, 2), round(0.85 * c, 2), 20, SECONDS)
        wrong = ("switch-off at=28s state=page",) if target == "intake" else (
            {"kind": "off", "form": "page", "at": 28},)
    else:
        clients, load = Clients(network="3g", timeout=30.0, size=8_000), draw.bearable(0.3)
    return Run(
        name, "look-alike", target, "held", draw.region, truth, load, server, wrong, clients, capacity, what=kind)


def outside():
    """What is in no catalogue: the right answer is UNKNOWN, or none."""
    for number in range(20):
        target = ("intake", "nginx")[number % 2]
        name = f"outside-{target}-{number}"
        draw = Draw(name, number % 3)
        at = draw.at()
        if target == "intake":
            what = ["garbled", "cut"][number // 2 % 2]
            wrong = (f"odd at={at}s kind={what} share={draw.pick(0.2, 0.4, 0.6)}",)
            server = intake_workers(draw)
        else:
            what = ["misdirected", "redirects", "cut", "other-answer", "moved"][number // 2 % 5]
            wrong = ({"kind": "odd", "what": what, "at": at, "share": draw.pick(0.3, 0.5)},)
            server = pool_of(draw)
        yield Run(
            name, "outside", target, "held", number % 3, ("UNKNOWN",), draw.bearable(), server, wrong,
            draw.clients(reads_answer=True), 0, what=what)


def no_impact():
    """Injected, and nobody should notice: the right answer is HEALTHY."""
    weak_intake = [
        "queue at={at}s length=100000", "shed at={at}s above=5000", "limiter at={at}s rate=1000/s burst=1000",
        "body-limit at={at}s largest=90MB", "cold at={at}s factor=1.1 warmup=10s",
        "pool at={at}s size=64 wait=30s", "pause at={at}s freeze=5ms period=10s", "quota at={at}s free=1GB",
        "downstream at={at}s delay=1ms share=0.1", "cpu at={at}s cost=50us"]
    weak_nginx = [
        {"kind": "slower", "burn": 0.0001}, {"kind": "cold", "factor": 1.1, "warmup": 10},
        {"kind": "pause", "length": 0.005, "period": 10, "grows": False}, {"kind": "poison", "share": 0.0005, "status": 500},
        {"kind": "hang", "share": 0.0}]
    for number in range(20):
        target = ("intake", "nginx")[number % 2]
        name = f"weak-{target}-{number}"
        draw = Draw(name, number % 3)
        at = draw.at()
        if target == "intake":
            wrong = (weak_intake[number // 2].format(at=at),)
            server = intake_workers(draw, 16)
        else:
            wrong = (dict(weak_nginx[number // 2 % 5], at=at),)
            server = dict(pool_of(draw), workers=16, service=16 / draw.capacity)
        yield Run(
            name, "no-impact", target, "held", number % 3, ("HEALTHY",), draw.bearable(0.4), server, wrong,
            draw.clients(), 0, what=str(wrong[0]))


def compounds():
    """Two faults; the truth names both, first first."""
    pairs = [("M20", "M17"), ("M12", "M20"), ("M16", "M22"), ("M24", "M22"), ("M25", "M20")]
    for number in range(10):
        first, second = pairs[number % 5]
        name = f"compound-{first}-{second}-{number // 5}"
        draw = Draw(name, number % 3)
        server, one, load, clients, _ = intake(first, draw)
        _, two, _, _, _ = intake(second, draw)
        if second == "M17":
            # A quota that fills up by itself would do so after the run's end.
            two = ("disk-full at=1s free=0 status=507",)
        early = tuple(fault.replace(f"at={at_of(fault)}s", "at=25s") for fault in one)
        late = tuple(fault.replace(f"at={at_of(fault)}s", "at=50s") for fault in two)
        yield Run(
            name, "compound", "intake", "held", number % 3, (first, second), load, server, early + late, clients, 0)


def storms():
    """Loads on both sides of C/(1+R), after a trigger: do they come back by themselves?"""
    for number in range(20):
        target = ("intake", "nginx")[number % 2]
        stays = number // 2 % 2 == 1
        retries = (1, 3)[number // 4 % 2] if stays else (0, 1, 3)[number // 4 % 3]
        name = f"storm-{target}-{number}"
        draw = Draw(name, number % 3)
        c = 60.0
        # Attempts a second over the capacity, once everything times out.
        asked = draw.uniform(1.2, 1.6) if stays else draw.uniform(0.6, 0.75)
        load = Load("storm", round(asked / (1 + retries) * c, 2), 2.5 * c, 30, RELIEF + 50)
        queue = round(10 * c)
        server = {"workers": 4, "serviceTime": span(4 / c), "queue": queue, "backlog": 4096, "abandoned": "work"}
        if target == "nginx":
            server = {"workers": 4, "service": 4 / c, "queue": queue}
        yield Run(
            name, "storm", target, "fit" if target == "intake" else "held", number % 3, ("M02",), load, server, (),
            Clients(timeout=2.0, retries=retries, size=4_000), c, ("M21",) if stays else (),
            what=f"{asked:.2f} of the capacity asked for, retries included")


def at_of(fault):
    """The second at which a fault of the intake begins."""
    for word in fault.split():
        if word.startswith("at="):
            return int(word[3:].rstrip("s"))
    raise ValueError(f"{fault} does not say when it begins")


def runs():
    """The whole catalogue; blocks take turns, in proportion to their sizes."""
    blocks = [list(block) for block in (
        faults(), healthy(), look_alikes(), outside(), no_impact(), compounds(), storms())]
    placed = [
        ((number + 0.5) / len(block), order, run)
        for order, block in enumerate(blocks) for number, run in enumerate(block)]
    return [run for _, _, run in sorted(placed, key=lambda item: item[:2])]
