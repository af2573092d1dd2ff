"""The mechanisms of docs/diagnosis.md and their families; what the diagnosis answers in."""

FAMILIES = {
    "REACH": ["M07", "M09"],
    "ADMIT": ["M05", "M06", "M08"],
    "CAPACITY": ["M01", "M02", "M10", "M14", "M15", "M16", "M18"],
    "POLICY": ["M11", "M12", "M13"],
    "DEPLETION": ["M17", "M19"],
    "PROCESS": ["M20", "M25"],
    "OFF": ["M22"],
    "PARTIAL": ["M23", "M24"],
    "HARNESS": ["M27"],
    "HEALTHY": ["HEALTHY"],
    "UNKNOWN": ["UNKNOWN"],
}
OF = {mechanism: family for family, members in FAMILIES.items() for mechanism in members}
NAMES = {
    "M01": "processors busy", "M02": "workers busy", "M03": "endless queue", "M04": "full queue", "M05": "accept queue",
    "M06": "connection limit", "M07": "path", "M08": "TLS handshakes", "M09": "names", "M10": "bandwidth",
    "M11": "body limit", "M12": "rate limit", "M13": "shedding", "M14": "database pool", "M15": "contention",
    "M16": "downstream deadline", "M17": "disk full", "M18": "disk speed", "M19": "memory", "M20": "crash",
    "M21": "retry storm", "M22": "switched off", "M23": "cold start", "M24": "partial failure", "M25": "bad release",
    "M26": "review backlog", "M27": "load generator", "HEALTHY": "healthy", "UNKNOWN": "none of these",
}


def family(answer):
    """The family of a mechanism's id; a family is its own."""
    return answer if answer in FAMILIES else OF.get(answer, "UNKNOWN")


def families(hypotheses):
    """Families with the sums of their mechanisms' probabilities, the most probable first."""
    sums = {}
    for name, probability in hypotheses:
        sums[family(name)] = sums.get(family(name), 0) + (probability or 0)
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))
