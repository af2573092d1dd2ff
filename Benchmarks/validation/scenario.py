"""The scenario file of a run, in spate's own language."""
import math

HEAD = """version: 1
name: {name}
seed: {seed}
target: {url}

http:
  timeout: {timeout}
  connectTimeout: {timeout}
{insecure}
"""
# What the server's owner would sample, by the names of `probes:` (docs/probes.md).
PROBES = """probes:
  process: {{ port: {port} }}
  host: {{ disk: {disk} }}
  prometheus:
    url: "{metrics}"
{mapping}
"""
# The second target's own names; the intake's page needs no mapping.
MAPPING = {
    "upstream_workers_busy": "app.workers_busy", "upstream_workers_max": "app.workers_max",
    "upstream_queue_depth": "app.queue_depth", "upstream_queue_max": "app.queue_max",
    "upstream_shed_total": "app.shed", "upstream_db_pool_busy": "app.db_pool_busy",
    "upstream_db_pool_max": "app.db_pool_max", "upstream_db_pool_wait_ms": "app.db_pool_wait_ms",
    "upstream_free_bytes": "app.free_bytes", "upstream_sync_seconds_total": "app.sync_s",
}
DEVICES = """data:
  devices:
    inline: [ {rows} ]
    order: random

"""
POPULATION = """  {name}:
    class: {kind}
    executor: ramping-arrival-rate
    startRate: {start}/s
    arrivals: poisson
    maxInFlight: {most}
    gracefulStop: {grace}s
{begin}    stages:
{stages}
{clients}{retry}    flow:
      - post:
          url: /v1/tips
          name: POST tip
{headers}          multipart:
            text: "a tip"
            category: other
            media:
              generate: mp4
              size: {{ lognormal: {{ median: {median}B, p99: {p99}B }} }}
              limit: 20MB
          expect: {expect}

"""
PROBE = """  health:
    class: probe
    executor: constant-arrival-rate
    rate: 1/s
    duration: {seconds}s
    flow:
      - get: {{ url: /healthz, name: GET healthz }}

"""
# The plan's own word for when it begins; only storms have it, since drain times are counted from it.
TIMELINE = """timeline:
  - { at: 30s, kind: trigger, label: more people come }

"""
SAFETY = """safety:
  maxRate: {rate}/s
  maxBytes: 4GB
  maxDuration: {seconds}s
"""
# Of the arrivals, those that are genuine people.
GENUINE = 0.2


def text(run, url, metrics="", port=0, disk="/tmp"):
    """The scenario of a run against a target."""
    clients = run.clients
    timeout = f"{clients.timeout:g}s"
    insecure = "  insecure: true\n" if clients.tls else ""
    parts = [HEAD.format(name=f"Run {run.seed}", seed=run.seed, url=url, timeout=timeout, insecure=insecure)]
    if metrics:
        mapping = "" if run.target == "intake" else "    metrics:\n" + "\n".join(
            f"      {theirs}: {ours}" for theirs, ours in MAPPING.items())
        parts.append(PROBES.format(port=port, disk=disk, metrics=metrics, mapping=mapping))
    if clients.devices:
        rows = ", ".join(f"{{ id: phone-{number} }}" for number in range(clients.devices))
        parts.append(DEVICES.format(rows=rows))
    parts.append("scenarios:\n")
    parts.append(population(run, "people", "genuine", GENUINE, clients.size, ""))
    crowd = "          headers: { X-Device: \"{{ devices.id }}\" }\n" if clients.devices else ""
    parts.append(population(run, "crowd", "noise", 1 - GENUINE, clients.size, crowd))
    if clients.videos:
        parts.append(videos(run))
    parts.append(PROBE.format(seconds=run.load.seconds))
    if run.load.shape == "storm":
        parts.append(TIMELINE)
    parts.append(SAFETY.format(
        rate=math.ceil(3 * (1 + clients.retries) * max(run.load.peak, run.load.quiet) + 20),
        seconds=run.load.seconds + 60))
    return "".join(parts)


def sources(run):
    """The option that spreads a run over several source addresses; empty where one is enough.

    What an overwhelmed server has not closed holds its local port for a minute, and beyond half of
    the 28,232 ports of an address connecting becomes dear. M12 limits addresses, and keeps one."""
    clients = run.clients
    opened = 60 * (1 + clients.retries) * max(run.load.peak, run.load.quiet)
    if "M12" in run.truth or clients.keeps or opened <= 10_000:
        return []
    return ["--source", f"127.0.0.1-127.0.0.{math.ceil(opened / 10_000)}"]


def population(run, name, kind, share, size, headers):
    clients = run.clients
    if kind == "genuine" and clients.devices:
        headers = "          headers: { X-Device: \"person-{{ $seq }}\" }\n"
    words = []
    if clients.keeps:
        words.append("reuse: 200")
    if clients.network:
        words.append(f"network: {clients.network}")
    retry = ""
    if clients.retries:
        retry = (f"    retry: {{ max: {clients.retries}, when: [error, 5xx], delay: 500ms, "
                 "backoff: exponential, jitter: full }\n")
    expect = "{ status: [200, 201], bodyContains: '\"id\"' }" if clients.reads_answer else "{ status: [200, 201] }"
    return POPULATION.format(
        name=name, kind=kind, start=f"{share * run.load.quiet:.3f}", most=clients.max_in_flight,
        grace=math.ceil(clients.timeout) + 1, begin="",
        stages="\n".join(f"      - {stage}" for stage in run.load.stages(share)),
        clients=f"    clients: {{ {', '.join(words)} }}\n" if words else "", retry=retry, headers=headers,
        median=size, p99=round(size * clients.spread), expect=expect)


def videos(run):
    """A crowd with larger bodies that comes later."""
    rate = run.load.quiet / 2
    seconds = run.load.seconds - run.clients.videos_at
    return POPULATION.format(
        name="videos", kind="noise", start=f"{rate:.3f}", most=run.clients.max_in_flight,
        grace=math.ceil(run.clients.timeout) + 1, begin=f"    startTime: {run.clients.videos_at}s\n",
        stages=f"      - {{ duration: {seconds}s, target: {rate:.3f}/s }}", clients="", retry="", headers="",
        median=run.clients.videos, p99=run.clients.videos * 4, expect="{ status: [200, 201] }")
