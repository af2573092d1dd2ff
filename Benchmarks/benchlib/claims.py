"""What each generator says of itself. The figures in the tables do not come from here: the server counts the
requests and the kernel the CPU. These counts show whether a tool failed, and whether it counts right."""
import json
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """Requests a tool says it completed, and how many of its own it calls failed."""

    done: int
    failed: int


def _number(pattern, text):
    found = re.search(pattern, text)
    return int(found.group(1)) if found else None


def _claim(done, failed):
    return None if done is None else Claim(done, failed or 0)


def _last_json(text, opening):
    """The JSON value that starts at the first line which begins with `opening`, whatever follows it."""
    found = re.search(rf"^\s*{re.escape(opening)}", text, re.MULTILINE)
    if not found:
        return None
    try:
        return json.JSONDecoder().raw_decode(text[found.start():].lstrip())[0]
    except ValueError:
        return None


def of_floor(text):
    return _claim(_number(r"(\d+) ok \d+ err", text), _number(r"\d+ ok (\d+) err", text))


def of_spate_hit(text):
    result = _last_json(text, "{")
    return None if result is None else Claim(result["completed"], result["failed"])


def of_wrk(text):
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    failed = sum(map(int, errors.groups())) if errors else 0
    failed += _number(r"Non-2xx or 3xx responses: (\d+)", text) or 0
    return _claim(_number(r"(\d+) requests in ", text), failed)


def of_hey(text):
    answers = [(int(code), int(count)) for code, count in re.findall(r"\[(\d{3})\]\s+(\d+) responses", text)]
    section = text.partition("Error distribution:")[2]
    errors = sum(int(count) for count in re.findall(r"^\s*\[(\d+)\]\s", section, re.MULTILINE))
    if not answers and not errors:
        return None
    bad = sum(count for code, count in answers if code >= 400)
    return Claim(sum(count for _, count in answers), errors + bad)


def of_h2load(text):
    found = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", text)
    if not found:
        return None
    done, _, failed, errored, timeout = map(int, found.groups())
    return Claim(done, failed + errored + timeout)


def of_ab(text):
    failed = (_number(r"Failed requests:\s+(\d+)", text) or 0) + (_number(r"Non-2xx responses:\s+(\d+)", text) or 0)
    return _claim(_number(r"Complete requests:\s+(\d+)", text), failed)


def of_siege(text):
    result = _last_json(text, "{")
    return None if result is None else Claim(result["transactions"], result["failed_transactions"])


def of_locust(text):
    rows = _last_json(text, "[")
    if rows is None:
        return None
    return Claim(sum(row["num_requests"] for row in rows), sum(row["num_failures"] for row in rows))


def of_k6(text):
    return _claim(_number(r"http_reqs[.\s:]*\s(\d+)\s", text), _number(r"http_req_failed.*?✗\s*(\d+)", text))


def of_server(text):
    """The sink's own last words: requests, body bytes, connections, seconds between first and last answer."""
    found = re.search(r"requests (\d+) bytes (\d+) connections (\d+) seconds ([0-9.]+)", text)
    if not found:
        return None
    return int(found.group(1)), int(found.group(2)), int(found.group(3)), float(found.group(4))
