#!/usr/bin/env python3
"""Prints the request that a headless browser sends for a form with awkward names, as Python bytes.

    scripts/capture-browser-form.py [BROWSER]      (default: chromium)

The page and the server are on loopback; the browser gets a profile of its own, which is removed.
Tests/PlanningTests/BrowserFormTests.swift holds what Chromium sent.
"""
import http.server, subprocess, sys, tempfile, threading

PAGE = rb"""<!doctype html><meta charset=utf-8><script>
const form = new FormData();
form.append('te"xt\n', 'one\ntwo\r\nthree\rfour');
form.append('\u00fcmlaut', 'gr\u00fc\u00df \u{1F4F1}');
form.append('photo', new File([new Uint8Array([0xFF, 0xD8, 0xFF])], 'a"b\n;c\\d.jpg', {type: 'image/jpeg'}));
form.append('plain', new File(['x'], 'notes'));
form.append('none', new File([], ''));
fetch('/upload', {method: 'POST', body: form});
</script>"""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = PAGE if self.path == "/" else b""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        for name, value in self.headers.items():
            print(f"{name}: {value}")
        print(body)
        self.send_response(204)
        self.end_headers()
        self.server.seen.set()

    def log_message(self, *_):
        pass


def main():
    browser = sys.argv[1] if len(sys.argv) > 1 else "chromium"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             f"--user-data-dir={profile}", f"http://127.0.0.1:{server.server_port}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if not server.seen.wait(60):
                sys.exit(f"{browser} sent nothing within a minute")
        finally:
            process.terminate()
            process.wait()


main()
