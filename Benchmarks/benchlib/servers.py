"""The targets: the counting sink, and nginx for TLS and HTTP/2."""
import os
import re
import signal
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass

from . import claims
from .children import Child
from .generators import BIN


class ServerFailed(Exception):
    """A target did not come up or did not say what it served."""


@dataclass(frozen=True)
class Served:
    """What the server counted: requests answered, body bytes, connections, seconds from first to last answer."""

    requests: int
    body_bytes: int
    connections: int
    seconds: float


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_listening(port, child):
    for _ in range(500):
        if child.poll():
            raise ServerFailed(f"{child.command[0]} ended at once: {child.finished.errors.strip()}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise ServerFailed(f"nothing listens on port {port}")


class Sink:
    """sink.c on the target's core. `hold` makes it accept and read nothing until told."""

    def __init__(self, core, hold=False):
        self.port = free_port()
        self.child = Child([os.path.join(BIN, "sink"), self.port], core, {"HOLD": "1"} if hold else None)
        _wait_until_listening(self.port, self.child)
        self.url = f"http://127.0.0.1:{self.port}/"

    def connections(self):
        """Connections open now, by descriptors: listener, epoll and three standard ones aside."""
        try:
            return max(0, len(os.listdir(f"/proc/{self.child.pid}/fd")) - 5)
        except FileNotFoundError:
            return 0

    def served(self):
        """Ends it and returns what it counted."""
        end = self.child.end()
        counted = claims.of_server(end.output)
        if counted is None:
            raise ServerFailed(f"sink did not report: exit {end.exit_code} {end.errors.strip()}")
        requests, body_bytes, connections, seconds = counted
        return Served(requests, body_bytes, connections - 1, seconds)  # the probe of our own is none

    def stop(self):
        self.child.end(signal.SIGKILL)


_NGINX = """
worker_processes 1; daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log crit;
worker_rlimit_nofile 20000;
events {{ worker_connections 19000; }}
http {{
    access_log off; keepalive_requests 1000000000; http2_max_concurrent_streams 256;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    ssl_certificate {folder}/certificate.pem; ssl_certificate_key {folder}/key.pem;
    server {{ listen 127.0.0.1:{tls} ssl http2; location / {{ return 200 "ok\\n"; }} }}
    server {{ listen 127.0.0.1:{plain}; location / {{ stub_status; }} }}
}}
"""


class Nginx:
    """nginx with TLS and HTTP/2, counting by its stub_status page."""

    def __init__(self, core):
        self._folder = tempfile.TemporaryDirectory(prefix="spate-bench-nginx-")
        folder = self._folder.name
        self.port, self._status = free_port(), free_port()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem", "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
            check=True, capture_output=True)
        with open(f"{folder}/nginx.conf", "w", encoding="ascii") as file:
            file.write(_NGINX.format(folder=folder, tls=self.port, plain=self._status))
        self.child = Child([nginx_path(), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"], core)
        _wait_until_listening(self._status, self.child)
        self.url = f"https://127.0.0.1:{self.port}/"
        self._before = self._counted()
        self._started = time.monotonic()

    def _counted(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self._status}/", timeout=5) as page:
            row = re.search(r"^\s*(\d+) (\d+) (\d+)\s*$", page.read().decode(), re.MULTILINE)
        return int(row.group(1)), int(row.group(3))

    def served(self):
        """What it answered since it came up, less the questions of our own; it cannot say when."""
        accepted, requests = self._counted()
        self.stop()
        return Served(requests - self._before[1] - 1, 0, accepted - self._before[0] - 1, 0.0)

    def stop(self):
        self.child.end(signal.SIGKILL)
        self._folder.cleanup()


def nginx_path():
    """nginx lives in /usr/sbin, which not everybody's PATH has."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
