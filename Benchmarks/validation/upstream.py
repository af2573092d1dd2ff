#!/usr/bin/env python3
"""The second target: a small HTTP/1.1 server with knobs, alone or behind Debian's nginx.

It shares nothing with spate-intake, so that rules cannot be tuned to one implementation. One thread and
asyncio; a unit of work sleeps in a worker, or burns the processor where `burn` says so. Faults count their
time from the first request that is not a health check, as the intake's do. What really happened, with wall
clock times, goes to the file `--truth`, which the diagnosing side is never given.

    upstream.py --port 8081 --admin 8082 --knobs '{"workers": 4, "service": 0.02}' --truth truth.json
"""
import argparse
import asyncio
import collections
import datetime
import hashlib
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time

ANSWER = "HTTP/1.1 {status} {reason}\r\nServer: upstream\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n"
REASONS = {200: "OK", 201: "Created", 302: "Found", 421: "Misdirected Request", 500: "Internal Server Error",
           502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 507: "Insufficient Storage"}


def now_text():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Truth:
    """What became of the faults; written at each change, since a crash leaves no time for it."""

    def __init__(self, path, faults):
        self.path = path
        self.data = {"origin": None, "faults": [dict(fault, began=None) for fault in faults], "capacity_measured": None}
        if path and os.path.exists(path):
            with open(path) as file:
                self.data = json.load(file)

    def write(self):
        if self.path:
            with open(self.path + ".new", "w") as file:
                json.dump(self.data, file)
            os.replace(self.path + ".new", self.path)


class Capacity:
    """Units a second while all workers were busy and more work waited."""

    def __init__(self):
        self.done = 0
        self.seconds = []

    def second(self, is_full):
        if is_full:
            self.seconds.append(self.done)
        self.done = 0

    @property
    def measured(self):
        # The first busy second was not busy from its beginning.
        whole = self.seconds[1:]
        return sum(whole) / len(whole) if len(whole) >= 5 else None


class Bucket:
    """A rate in bytes that all connections share."""

    def __init__(self, rate):
        self.rate = rate
        self.free = 0.0

    async def take(self, count):
        self.free = max(self.free, time.monotonic()) + count / self.rate
        await asyncio.sleep(max(0.0, self.free - time.monotonic()))


class Upstream:
    def __init__(self, options):
        self.options = options
        self.knobs = json.loads(options.knobs)
        self.faults = json.loads(options.faults)
        self.truth = Truth(options.truth, self.faults)
        self.workers = int(self.knobs.get("workers", 4))
        self.busy = 0
        self.waiting = collections.deque()
        self.pool = asyncio.Semaphore(self.knobs["pool"]["size"]) if "pool" in self.knobs else None
        self.pool_busy = 0
        self.lock = asyncio.Lock()
        self.lock_wanting = 0
        self.syncing = 0.0
        self.link = Bucket(self.knobs["link"]) if "link" in self.knobs else None
        self.stored = 0
        self.random = random.Random(options.seed)
        self.counts = collections.Counter()
        self.capacity = Capacity()
        self.active = {}
        self.ballast = []
        self.open = 0
        self.pool_waits = 0.0

    # MARK: faults

    def origin(self):
        """The moment of the first request, on the monotonic clock; kept over crashes."""
        if self.truth.data["origin"] is None:
            self.truth.data["origin"] = time.monotonic()
            self.truth.data["origin_at"] = now_text()
            self.truth.write()
            self.plan()
        return self.truth.data["origin"]

    def plan(self):
        loop = asyncio.get_running_loop()
        for number, fault in enumerate(self.faults):
            left = self.truth.data["origin"] + fault["at"] - time.monotonic()
            if self.truth.data["faults"][number]["began"] is not None and fault["kind"] == "crash":
                # This process is the one after: it dies again when its time is up.
                if fault.get("uptime"):
                    loop.call_later(fault["uptime"], self.begin, number)
            else:
                loop.call_later(max(0.0, left), self.begin, number)

    def begin(self, number):
        fault = self.faults[number]
        row = self.truth.data["faults"][number]
        if row["began"] is None:
            row["began"] = now_text()
            row["t"] = time.monotonic() - self.truth.data["origin"]
            self.truth.data["capacity_measured"] = self.capacity.measured or self.truth.data["capacity_measured"]
        self.truth.write()
        self.active[fault["kind"]] = dict(fault, since=time.monotonic())
        if fault["kind"] == "crash":
            os._exit(9)
        if fault["kind"] == "pause":
            self.pause(number)
        if fault["kind"] == "off":
            form = fault["form"]
            if form == "stop":
                with open(self.options.stop) as file:
                    os.kill(int(file.read()), signal.SIGTERM)
            else:
                with open(f"{self.options.flags}/{form}", "w"):
                    pass

    def pause(self, number):
        fault = self.faults[number]
        if fault.get("grows"):
            # Really held, so that the process' memory shows it.
            self.ballast.append(bytearray(20_000_000))
        time.sleep(fault["length"])
        asyncio.get_running_loop().call_later(fault["period"], self.pause, number)

    def slowness(self):
        cold = self.active.get("cold")
        if not cold:
            return 1.0
        left = 1 - (time.monotonic() - cold["since"]) / cold["warmup"]
        return 1 + (cold["factor"] - 1) * max(0.0, left)

    def chance(self, request, share):
        """Whether a request is among a share: the same for the same contents."""
        return int.from_bytes(hashlib.sha256(request["key"]).digest()[:4], "big") / 2 ** 32 < share

    # MARK: work

    async def enter(self):
        """Waits for a worker; False when the queue is full."""
        if self.busy < self.workers:
            self.busy += 1
            return True
        if len(self.waiting) >= self.knobs.get("queue", 1_000_000):
            self.counts["shed"] += 1
            return False
        turn = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        await turn
        return True

    def leave(self):
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.busy -= 1

    def burn(self, seconds):
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    async def work(self, request):
        """One unit of work; the status of its answer."""
        knobs = self.knobs
        if "hang" in self.active and self.chance(request, self.active["hang"]["share"]):
            await asyncio.sleep(120)
        if self.pool:
            began = time.monotonic()
            try:
                await asyncio.wait_for(self.pool.acquire(), knobs["pool"]["wait"])
            except asyncio.TimeoutError:
                return knobs["pool"]["status"]
            finally:
                self.pool_waits = time.monotonic() - began
            self.pool_busy += 1
            try:
                await asyncio.sleep(knobs["pool"]["hold"] * self.slowness())
            finally:
                self.pool_busy -= 1
                self.pool.release()
        if "lock" in knobs:
            self.lock_wanting += 1
            try:
                async with self.lock:
                    others = max(0, self.lock_wanting - 1)
                    await asyncio.sleep(knobs["lock"]["section"] + knobs["lock"]["coherency"] * others)
            finally:
                self.lock_wanting -= 1
        if "fsync" in knobs:
            async with self.lock:
                began = time.monotonic()
                await asyncio.get_running_loop().run_in_executor(None, self.sync)
                await asyncio.sleep(knobs["fsync"])
                self.syncing += time.monotonic() - began
        if "burn" in knobs:
            # Others may line up first: the queue shall stand before the worker, not in the sockets.
            await asyncio.sleep(0)
            self.burn(knobs["burn"] * self.slowness())
        service = knobs.get("service", 0.0)
        if service:
            jitter = knobs.get("jitter", 0)
            await asyncio.sleep(service * self.slowness() * (1 + jitter * self.random.uniform(-1, 1)))
        return 201

    def sync(self):
        with open(f"{self.options.flags}/journal", "ab") as file:
            file.write(b"x" * 65_536)
            file.flush()
            os.fsync(file.fileno())

    async def handle(self, request):
        """The answer to a request: status, body, more headers."""
        if request["path"] == "/healthz":
            return 200, b"ok\n", ""
        self.origin()
        self.counts["requests"] += 1
        slower = self.active.get("slower")
        if slower:
            self.burn(slower["burn"])
        broken = self.active.get("broken")
        if broken:
            if broken["effect"] == "hang":
                await asyncio.sleep(30)
            if broken["effect"] == "reset":
                return None, b"", ""
            return 500, b"broken\n", ""
        poison = self.active.get("poison")
        if poison and self.chance(request, poison["share"]):
            return poison["status"], b"cannot read this\n", ""
        if self.stored + request["length"] > self.knobs.get("quota", float("inf")):
            return self.knobs.get("full_status", 507), b"no room\n", ""
        if len(self.waiting) > self.knobs.get("shed_above", float("inf")):
            self.counts["shed"] += 1
            return 503, b"busy\n", ""
        if not await self.enter():
            return 503, b"full\n", ""
        try:
            status = await self.work(request)
        finally:
            self.leave()
        if status != 201:
            return status, b"no\n", ""
        self.capacity.done += 1
        self.counts["done"] += 1
        self.stored += request["length"]
        receipt = hashlib.sha256(request["key"]).hexdigest()[:24]
        return self.oddly(request, json.dumps({"id": receipt}).encode())

    def oddly(self, request, body):
        odd = self.active.get("odd")
        if odd and self.chance(request, odd["share"]):
            return {
                "misdirected": (421, b"not here\n", ""), "redirects": (302, b"", f"Location: {request['path']}\r\n"),
                "cut": (201, body, "cut"), "other-answer": (201, b"[]\n", ""),
                "moved": (410, b"gone\n", ""),
            }[odd["what"]]
        return 201, body, ""

    # MARK: HTTP

    async def read(self, reader):
        """A whole request; None at the connection's end."""
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            fields[name.strip().lower()] = value.strip()
        length = int(fields.get("content-length", "0") or 0)
        left = length
        while left > 0:
            chunk = await reader.read(min(left, 65_536))
            if not chunk:
                raise asyncio.IncompleteReadError(b"", left)
            left -= len(chunk)
            if self.link:
                await self.link.take(len(chunk))
        return {"path": lines[0].split(" ")[1], "length": length,
                "key": fields.get("idempotency-key", str(self.random.random())).encode(),
                "close": fields.get("connection", "").lower() == "close"}

    async def serve(self, reader, writer):
        self.open += 1
        try:
            while True:
                request = await self.read(reader)
                status, body, more = await self.handle(request)
                if status is None:
                    writer.transport.abort()
                    return
                length = len(body)
                if more == "cut":
                    more, length = "", length + 100
                writer.write(ANSWER.format(
                    status=status, reason=REASONS.get(status, "Other"), kind="application/json", length=length,
                    more=more).encode() + body)
                await writer.drain()
                if request["close"] or length != len(body):
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def accept_slowly(self, listener):
        """Takes so many connections a second out of the kernel's queue."""
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(listener)
            connection.setblocking(False)
            reader = asyncio.StreamReader()
            protocol = asyncio.StreamReaderProtocol(reader, self.serve)
            await loop.connect_accepted_socket(lambda: protocol, connection)
            await asyncio.sleep(1 / self.knobs["accepts"])

    async def admin(self, reader, writer):
        """The figures that its owner's monitoring would have, as a Prometheus page."""
        try:
            await reader.readuntil(b"\r\n\r\n")
            values = {
                "workers_busy": self.busy, "workers_max": self.workers, "queue_depth": len(self.waiting),
                "shed_total": self.counts["shed"], "requests_total": self.counts["requests"],
                "done_total": self.counts["done"], "stored_bytes": self.stored, "connections": self.open}
            if "queue" in self.knobs and self.knobs["queue"] < 1_000_000:
                values["queue_max"] = self.knobs["queue"]
            if self.pool:
                values.update(
                    db_pool_max=self.knobs["pool"]["size"], db_pool_busy=self.pool_busy,
                    db_pool_wait_ms=1000 * self.pool_waits)
            if "fsync" in self.knobs:
                values["sync_seconds_total"] = self.syncing
            if "quota" in self.knobs:
                values["free_bytes"] = max(0, self.knobs["quota"] - self.stored)
            body = "".join(f"upstream_{name} {value}\n" for name, value in values.items()).encode()
            writer.write(ANSWER.format(
                status=200, reason="OK", kind="text/plain; version=0.0.4", length=len(body), more="Connection: close\r\n"
            ).encode() + body)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def seconds(self):
        while True:
            await asyncio.sleep(1)
            self.capacity.second(self.busy >= self.workers and bool(self.waiting))
            measured = self.capacity.measured
            if measured:
                self.truth.data["capacity_measured"] = measured
                self.truth.write()

    async def run(self):
        backlog = int(self.knobs.get("backlog", 4096))
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.link:
            # What the kernel takes in advance would hide how slowly it is read.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
        listener.bind(("127.0.0.1", self.options.port))
        listener.listen(backlog)
        listener.setblocking(False)
        admin = await asyncio.start_server(self.admin, "127.0.0.1", self.options.admin)
        if self.truth.data["origin"] is not None:
            self.plan()
        if "descriptors" in self.knobs:
            # Room for what is open already, then for so many connections.
            spare = len(os.listdir("/proc/self/fd")) + int(self.knobs["descriptors"])
            resource.setrlimit(resource.RLIMIT_NOFILE, (spare, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        asyncio.create_task(self.seconds())
        if "accepts" in self.knobs:
            await self.accept_slowly(listener)
        else:
            server = await asyncio.start_server(self.serve, sock=listener, backlog=backlog)
            async with server, admin:
                await server.serve_forever()


def supervise(options, words):
    """Starts the server again when it dies by its own fault, after the time that the fault says."""
    down = next((fault["down"] for fault in json.loads(options.faults) if fault["kind"] == "crash"), 1)
    while True:
        child = subprocess.Popen([sys.executable, __file__, *words, "--child"])

        def stop(*_):
            # Waiting for it here would wait for the wait below, which holds the lock, for ever.
            child.kill()
            os._exit(0)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        code = child.wait()
        if code != 9:
            return code
        time.sleep(down)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--admin", type=int, required=True)
    parser.add_argument("--knobs", default="{}")
    parser.add_argument("--faults", default="[]")
    parser.add_argument("--truth", default="")
    parser.add_argument("--flags", default=".", help="the folder of files that switch nginx")
    parser.add_argument("--stop", default="", help="the file with the number of the process that serves it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if any(fault["kind"] == "crash" for fault in json.loads(options.faults)) and not options.child:
        sys.exit(supervise(options, sys.argv[1:]))
    asyncio.run(Upstream(options).run())


if __name__ == "__main__":
    main()
