#!/usr/bin/env python3
"""Does a server that nobody here wrote receive what was sent?

Plays the journey of scenarios/iwatch.yaml (open the app, register, write, attach a file as a browser's form, look whether it
arrived) against two servers from PyPI, brought into a virtual environment of their own: Starlette under uvicorn
and Flask under gunicorn. Each keeps a log of what it received. 1,000 uploads of files between 5 kB and 20 MB: bytes and
SHA-256 are equal on both sides, joined one by one by the intent's key; the body's length on the wire is what the list of
attempts says; every tenth phone is told "device is blocked" and uploads nothing; everybody's cookie and token are their own.
"""
import contextlib
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time

import stand

VENV = f"{stand.ROOT}/Benchmarks/bin/venv-servers"
PACKAGES = ["starlette", "uvicorn", "python-multipart", "flask", "gunicorn"]

# What both servers do; only how they are asked differs.
SERVICE = '''
import hashlib, json, threading, uuid
lock = threading.Lock()
people, polls = {}, {}
log = open("server.log", "w", buffering=1)

def register(cookie, place):
    if not cookie or cookie not in people:
        return 400, {"error": "no session"}
    if not 32.6 <= float(place["latitude"]) <= 33.1:
        return 403, {"error": "validation error", "message": "device is blocked"}
    token = uuid.uuid4().hex
    with lock:
        people[cookie] = token
    return 201, {"device": place["device"], "token": token}

def opened():
    cookie = uuid.uuid4().hex
    with lock:
        people[cookie] = None
    return cookie

def allowed(cookie, authorization):
    return bool(cookie) and people.get(cookie) and authorization == "Bearer " + people[cookie]

def received(key, length, name, kind, size, digest, text):
    tip = uuid.uuid4().hex
    with lock:
        polls[tip] = 0
        log.write(json.dumps({"key": key, "length": length, "name": name, "kind": kind, "size": size,
                              "sha256": digest, "text": text}) + "\\n")
    return 202, {"id": tip}

def asked(tip):
    with lock:
        if tip not in polls:
            return 404, {}
        polls[tip] += 1
        return 200, {"state": "received" if polls[tip] > 2 else "pending"}
'''

STARLETTE = SERVICE + '''
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

def answer(status, value):
    return JSONResponse(value, status_code=status)

async def app_page(request):
    response = answer(200, {"name": "Tip line"})
    response.set_cookie("session", opened())
    return response

async def devices(request):
    return answer(*register(request.cookies.get("session"), await request.json()))

def digested(file):
    digest, size = hashlib.sha256(), 0
    while piece := file.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()

async def tips(request):
    if not allowed(request.cookies.get("session"), request.headers.get("authorization")):
        return answer(401, {})
    async with request.form() as form:
        media = form["media"]
        size, digest = await run_in_threadpool(digested, media.file)
        return answer(*received(request.headers.get("idempotency-key"), int(request.headers["content-length"]),
                                media.filename, media.content_type, size, digest, form["text"]))

async def tip(request):
    if not allowed(request.cookies.get("session"), request.headers.get("authorization")):
        return answer(401, {})
    return answer(*asked(request.path_params["tip"]))

app = Starlette(routes=[Route("/v1/app", app_page), Route("/v1/devices", devices, methods=["POST"]),
                        Route("/v1/tips", tips, methods=["POST"]), Route("/v1/tips/{tip}", tip)])
'''

FLASK = SERVICE + '''
from flask import Flask, jsonify, request
app = Flask(__name__)

def answer(status, value):
    return jsonify(value), status

@app.get("/v1/app")
def app_page():
    response = jsonify(name="Tip line")
    response.set_cookie("session", opened())
    return response

@app.post("/v1/devices")
def devices():
    return answer(*register(request.cookies.get("session"), request.get_json()))

@app.post("/v1/tips")
def tips():
    if not allowed(request.cookies.get("session"), request.headers.get("authorization")):
        return answer(401, {})
    media, digest, size = request.files["media"], hashlib.sha256(), 0
    while piece := media.stream.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    return answer(*received(request.headers.get("idempotency-key"), request.content_length, media.filename,
                            media.mimetype, size, digest.hexdigest(), request.form["text"]))

@app.get("/v1/tips/<tip>")
def tip(tip):
    if not allowed(request.cookies.get("session"), request.headers.get("authorization")):
        return answer(401, {})
    return answer(*asked(tip))
'''

SERVERS = {
    "starlette": (STARLETTE, lambda port: ["uvicorn", "service:app", "--port", str(port), "--log-level", "error"]),
    "flask": (FLASK, lambda port: ["gunicorn", "service:app", "--workers", "1", "--threads", "16", "--bind",
                                   f"127.0.0.1:{port}", "--log-level", "error", "--timeout", "120"]),
}

SCENARIO = """version: 1
name: A foreign server
target: {url}
http: {{ timeout: 120s }}
data:
  phones: {{ csv: phones.csv }}
scenarios:
  phones:
    executor: shared-iterations
    vus: {clients}
    iterations: {people}
    maxDuration: 1h
    flow:
      - get: {{ url: /v1/app, name: open the app }}
      - post:
          url: /v1/devices
          name: register the phone
          json: {{ device: "phone-{{{{ $seq }}}}", latitude: "{{{{ phones.latitude }}}}", longitude: "{{{{ phones.longitude }}}}" }}
          capture: [ {{ json: $.token, as: token }} ]
          expect: {{ status: 201 }}
      - post:
          url: /v1/tips
          name: send the tip
          headers: {{ Authorization: "Bearer {{{{ token }}}}" }}
          multipart:
            text: "line one\\nline two of {{{{ $seq }}}}, with \\"quotes\\" and umlauts: äöü"
            media: {{ file: [{files}], contentType: video/mp4 }}
          capture: [ {{ json: $.id, as: tip }} ]
          expect: {{ status: 202 }}
      - loop:
          - get:
              url: /v1/tips/{{{{ tip }}}}
              name: poll the receipt
              headers: {{ Authorization: "Bearer {{{{ token }}}}" }}
              capture: [ {{ json: $.state, as: state }} ]
          - when: state != 'received'
            think: 20ms
        until: state == 'received'
        max: 10
"""


def environment():
    """The servers' virtual environment; ends the check with one sentence where it cannot be had."""
    if os.path.exists(f"{VENV}/made"):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    for command in ([sys.executable, "-m", "venv", VENV],
                    [f"{VENV}/bin/pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]):
        made = subprocess.run(command, capture_output=True, text=True)
        if made.returncode:
            sys.exit(f"the servers cannot be installed from PyPI: {made.stderr.strip()[-300:]}")
    stand.write(VENV, "made", "")


def files(folder, count):
    """Files of 5 kB to 20 MB, evenly on a logarithmic scale: name to (size, SHA-256)."""
    made, source = {}, random.Random(20200531)
    os.makedirs(f"{folder}/media")
    for index in range(count):
        size = round(5_000 * 4_000 ** (index / (count - 1)))
        content = b"\0\0\0\x18ftypmp42" + source.randbytes(size - 12)
        name = f"clip-{index}.mp4"
        with open(f"{folder}/media/{name}", "wb") as file:
            file.write(content)
        made[name] = (size, hashlib.sha256(content).hexdigest())
    return made


@contextlib.contextmanager
def served(kind, folder):
    source, command = SERVERS[kind]
    stand.write(folder, "service.py", source)
    port = stand.free_port()
    process = subprocess.Popen(
        ["taskset", "-c", str(stand.cores()[0]), f"{VENV}/bin/python", "-m", *command(port)], cwd=folder)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError), contextlib.closing(stand.socket.create_connection(("127.0.0.1", port))):
                break
            time.sleep(0.05)
        else:
            sys.exit(f"{kind} does not listen")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def run(options):
    check = stand.Check("A server nobody here wrote")
    environment()
    for kind in options.servers.split(","):
        play(check, kind, options)
    return check


def play(check, kind, options):
    outside = (options.uploads - 1) // 9
    people = options.uploads + outside
    with stand.folder() as folder:
        known = files(folder, min(options.files, options.uploads))
        inside = "32.78,-96.80\n" * 9
        stand.write(folder, "phones.csv", f"latitude,longitude\n{inside}37.57,126.98\n")
        with served(kind, folder) as url:
            stand.write(folder, "foreign.yaml", SCENARIO.format(
                url=url, clients=options.clients, people=people,
                files=", ".join(f"media/{name}" for name in known)))
            words = ["run", "foreign.yaml", "--out-dir", "out", "-q", "-o", "attempts"]
            began = time.monotonic()
            stand.spate(options, words, folder, (0, 95))
            seconds = time.monotonic() - began
        logged = list(stand.lines(f"{folder}/server.log"))
        attempts = list(stand.lines(f"{folder}/out/journal/attempts.ndjson"))
        report = stand.report(f"{folder}/out")
    judge(check, kind, options.uploads, outside, known, logged, attempts, report, seconds)


def judge(check, kind, uploads, outside, known, logged, attempts, report, seconds):
    totals = report["totals"]
    check.row(f"{kind}: people: accepted, told no, else", "{accepted}, {rejected}, {0}".format(
        totals["intents"] - totals["accepted"] - totals["rejected"], **totals),
        f"{uploads}, {outside}, 0", (totals["accepted"], totals["rejected"]) == (uploads, outside)
        and totals["intents"] == uploads + outside)
    # Steps in the order of the file: 2 is the upload.
    sent = {row["key"]: row for row in attempts if row["step"] == 2}
    received = {row["key"]: row for row in logged}
    check.row(f"{kind}: uploads sent, received; double", f"{len(sent)}, {len(received)}; {len(logged) - len(received)}",
              f"{uploads}, {uploads}; 0", len(sent) == len(received) == len(logged) == uploads)
    check.row(f"{kind}: on one side only", f"{len(sent.keys() ^ received.keys())}", "0", sent.keys() == received.keys())
    equal = sum((row["size"], row["sha256"]) == known.get(row["name"]) for row in logged)
    check.row(f"{kind}: bytes and SHA-256 of the file as on the client", f"{equal} of {len(logged)}", "all",
              equal == len(logged))
    lengths = sum(sent[key]["bytesUp"] == row["length"] for key, row in received.items() if key in sent)
    check.row(f"{kind}: bytes of the whole body as in the list of attempts", f"{lengths} of {len(logged)}", "all",
              lengths == len(logged))
    texts = sum("with \"quotes\" and umlauts: äöü" in row["text"] and row["text"].startswith("line one\r\nline two of ")
                and row["kind"] == "video/mp4" for row in logged)
    check.row(f"{kind}: fields and content types as a browser sends them", f"{texts} of {len(logged)}", "all",
              texts == len(logged))
    sizes = sorted(row["size"] for row in logged)
    check.row(f"{kind}: {sum(sizes) / 1e9:.2f} GB in {seconds:.0f} s, smallest and largest file",
              f"{sizes[0]:,}, {sizes[-1]:,} bytes" if sizes else "none", "", None)


PARSER = stand.arguments(__doc__, servers="starlette,flask", uploads=1000, files=100, clients=16)
if __name__ == "__main__":
    stand.alone(run, PARSER)
