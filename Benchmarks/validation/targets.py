"""Brings the targets up on the first core and takes them down: spate-intake, or nginx before upstream.py."""
import contextlib
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "trust"))
import stand  # noqa: E402

NGINX = """worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log crit;
worker_rlimit_nofile 20000;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size {body_limit};
    keepalive_requests 100000;
{limit_zone}
    upstream app {{
{upstreams}
        keepalive 64;
    }}
    server {{
        listen 127.0.0.1:{port} backlog={backlog}{tls_word};
{tls}
        location / {{
            if (-f {folder}/page) {{ return 503 "<html><p>Down for maintenance.</p></html>"; }}
            if (-f {folder}/page-200) {{ return 200 "<html><p>Down for maintenance.</p></html>"; }}
            if (-f {folder}/404) {{ return 404; }}
{limit}
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_read_timeout {read_timeout}s;
            proxy_next_upstream off;
        }}
    }}
}}
"""


class Target:
    """A target that is up: where it is, what its owner samples, and where its truth lies."""

    def __init__(self, url, probed, metrics, truth):
        self.url = url
        # The port whose owner is the process that is sampled.
        self.probed = probed
        self.metrics = metrics
        self.truth_path = truth
        self.admin = metrics.rsplit("/", 1)[0]
        self.manifest = {}

    def ask(self):
        """Asks the intake what it knows of itself, while it still runs; nothing where it is down."""
        with contextlib.suppress(OSError, ValueError, urllib.error.URLError):
            with urllib.request.urlopen(self.admin + "/admin/manifest", timeout=5) as answer:
                self.manifest = json.load(answer)

    def truth(self):
        """The truth as the target wrote it: its faults with their instants, and its capacity."""
        found = dict(self.manifest)
        if os.path.exists(self.truth_path):
            with open(self.truth_path) as file:
                told = json.load(file)
            # The intake may keep more in the file than what it tells of itself.
            told = told.get("manifest", told)
            found.update({key: value for key, value in told.items() if value is not None})
        return {"faults": found.get("faults", []), "capacity_measured": found.get("capacity_measured")}


def program(options, name):
    """A program beside spate."""
    return os.path.join(os.path.dirname(os.path.abspath(options.spate)), name)


@contextlib.contextmanager
def up(run, options, folder):
    """A run's target, from its first answer to its end."""
    with (intake if run.target == "intake" else second)(run, options, folder) as target:
        yield target


@contextlib.contextmanager
def intake(run, options, folder):
    port, admin = stand.free_port(), stand.free_port()
    truth = f"{folder}/truth.json"
    words = [
        program(options, "spate-intake"), "--port", str(port), "--admin-port", str(admin), "--data-dir",
        f"{folder}/data", "--truth", truth, "--seed", str(run.seed), "--ignore-stdin"]
    for name, value in run.server.items():
        words += ["--set", f"{name}={value}"]
    if run.faults:
        words += ["--set", "faults=" + "; ".join(run.faults)]
    with stand.target(words, port):
        target = Target(f"http://127.0.0.1:{port}", port, f"http://127.0.0.1:{admin}/metrics", truth)
        yield target
        target.ask()


@contextlib.contextmanager
def second(run, options, folder):
    """nginx and one or more upstreams, or one upstream alone where nginx would hide the fault."""
    port, admin = stand.free_port(), stand.free_port()
    truth = f"{folder}/truth.json"
    knobs = dict(run.server)
    direct = knobs.pop("direct", False)
    front = {key: knobs.pop(key) for key in ("tls", "body_limit", "limit", "read_timeout") if key in knobs}
    count = knobs.pop("upstreams", 1)
    with contextlib.ExitStack() as stack:
        ports = []
        for number in range(count):
            # The first has the faults, and the truth; the others are well.
            own = port if direct else stand.free_port()
            ports.append(own)
            words = [
                sys.executable, f"{HERE}/upstream.py", "--port", str(own), "--admin",
                str(admin if number == 0 else stand.free_port()), "--knobs", json.dumps(knobs), "--flags", folder,
                "--seed", str(run.seed), "--stop", f"{folder}/nginx.pid"]
            if number == 0:
                words += ["--truth", truth, "--faults", json.dumps(run.faults)]
            stack.enter_context(stand.target(words, own))
        scheme = "http"
        if not direct:
            text = configuration(folder, port, ports, front)
            if "tls" in front:
                certificate(folder, front["tls"])
                scheme = "https"
            # The worker is another user; it has to see the files that switch it.
            os.chmod(folder, 0o755)
            with open(f"{folder}/nginx.conf", "w") as file:
                file.write(text)
            stack.enter_context(stand.target(["nginx", "-c", f"{folder}/nginx.conf", "-p", folder], port))
        # Handshakes are nginx's work, everything else the server's behind it.
        probed = port if scheme == "https" else ports[0]
        yield Target(f"{scheme}://127.0.0.1:{port}", probed, f"http://127.0.0.1:{admin}/metrics", truth)


def configuration(folder, port, ports, front):
    """The text of nginx.conf."""
    limit = front.get("limit")
    zone, use = "", ""
    if limit:
        key = "$http_x_device" if limit["key"] == "device" else "$server_port"
        zone = f"    limit_req_zone {key} zone=clients:4m rate={limit['rate']}r/s;\n"
        zone += f"    limit_req_status {limit['status']};"
        use = f"            limit_req zone=clients burst={limit['burst']} nodelay;"
    tls = ""
    if "tls" in front:
        tls = (f"        ssl_certificate {folder}/cert.pem;\n        ssl_certificate_key {folder}/key.pem;\n"
               "        ssl_session_cache off;\n        ssl_session_tickets off;")
    return NGINX.format(
        folder=folder, port=port, body_limit=front.get("body_limit", "50m"), limit_zone=zone, limit=use,
        upstreams="\n".join(f"        server 127.0.0.1:{own} max_fails=0;" for own in ports), backlog=4096,
        tls_word=" ssl" if tls else "", tls=tls, read_timeout=front.get("read_timeout", 60))


def certificate(folder, bits):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", f"rsa:{bits}", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
        check=True, stderr=subprocess.DEVNULL)
