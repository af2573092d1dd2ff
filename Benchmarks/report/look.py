#!/usr/bin/env python3
"""Looks at a run's report as people do, in Chromium: takes pictures, and fails on what it finds wrong.

    pip install playwright axe-playwright-python pillow       (Chromium is Debian's)
    Benchmarks/report/look.py reports/viral-flood/latest      pictures to docs/pictures
    Benchmarks/report/look.py DIR --out /tmp/pictures --spate .build/release/spate

What is looked at: light and dark, 1280 and 400 px wide, printed on A4, and under the policy with which
Jenkins serves files (no script, no inline style). Wrong are: an error on the console, a request for
anything but the page, a serious or critical finding of axe, a page wider than its window, and a control
that does not do what it says. With --spate the time `spate report` takes is measured as well.
"""
import argparse
import http.server
import os
import shutil
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# https://www.jenkins.io/doc/book/security/configuring-content-security-policy/
JENKINS = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';"
LIMIT = 600_000
WIDE, NARROW = 1280, 400
# Pictures are for reading in a repository: their upper part is enough.
HEIGHTS = {"wide": 2600, "narrow": 2600, "blocked": 2600}


class Page(http.server.BaseHTTPRequestHandler):
    """Serves the report on loopback, under /blocked with Jenkins' policy."""

    body = b""

    def do_GET(self):
        if self.path not in ("/", "/blocked"):
            self.send_response(204)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.body)))
        if self.path == "/blocked":
            self.send_header("Content-Security-Policy", JENKINS)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


class Findings:
    """What was found wrong, and what was looked at."""

    def __init__(self):
        self.wrong = []

    def check(self, holds, words):
        print(("ok    " if holds else "WRONG ") + words)
        if not holds:
            self.wrong.append(words)


def listen(page, errors, requests):
    page.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("request", lambda r: requests.append(r.url))


def shrink(path):
    """Makes a picture of a report small: it has few colours."""
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(path) as image:
        image.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)


def picture(page, path, width, height):
    full = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": min(full, height)}
    page.screenshot(path=path, full_page=True, clip=clip)
    shrink(path)


def accessible(page, findings, name):
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page)
    bad = [v for v in results.response["violations"] if v["impact"] in ("serious", "critical")]
    for violation in bad:
        places = [" ".join(map(str, n["target"])) for n in violation["nodes"][:5]]
        print(f"      {violation['id']} ({violation['impact']}): {'; '.join(places)}")
    minor = [v["id"] for v in results.response["violations"] if v not in bad]
    passed = len(results.response["passes"])
    findings.check(not bad, f"{name}: axe finds nothing serious ({passed} rules pass; minor: {minor})")


def fits(page, findings, name):
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    findings.check(wide[0] <= wide[1], f"{name}: {wide[0]} px wide in a window of {wide[1]} px")


def look(browser, base, out, findings):
    """Light and dark, wide and narrow."""
    for scheme in ("light", "dark"):
        for name, width, height in (("wide", WIDE, 900), ("narrow", NARROW, 800)):
            title = f"{name} {scheme}"
            errors, requests = [], []
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            listen(page, errors, requests)
            page.goto(base)
            fits(page, findings, title)
            accessible(page, findings, title)
            picture(page, f"{out}/report-{name}-{scheme}.png", width, HEIGHTS[name])
            findings.check(not errors, f"{title}: nothing on the console {errors[:3]}")
            foreign = [u for u in requests if u != base]
            findings.check(not foreign, f"{title}: nothing else is loaded {foreign[:3]}")
            context.close()


def use(browser, base, findings):
    """Every control, by mouse and by keys."""
    errors, requests = [], []
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base.rstrip("/"))
    page = context.new_page()
    listen(page, errors, requests)
    page.goto(base)
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    findings.check(first == "skip", "the first stop of the Tab key skips to the verdict")
    page.keyboard.press("Enter")
    findings.check(page.url.endswith("#main"), "and does so")

    box = page.locator("#chart-throughput .chart")
    svg = box.locator("svg")
    readouts = page.locator(".readout")
    box.scroll_into_view_if_needed()
    place = svg.bounding_box()
    page.mouse.move(place["x"] + place["width"] * 0.4, place["y"] + place["height"] * 0.5)
    texts = [t for t in readouts.all_inner_texts() if t]
    findings.check(len(texts) > 3, f"the crosshair is shared: {len(texts)} charts tell their values")
    heads = page.locator("#chart-throughput thead th").all_text_contents()
    findings.check(all(h in texts[0] for h in heads), f"it names every column: {texts[:1]}")
    box.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    row = page.locator("#chart-throughput tbody tr").nth(1).locator("th,td").all_text_contents()
    told = page.locator("#chart-throughput .readout").inner_text()
    findings.check(all(cell in told for cell in row), f"the keys move it row by row: {told}")

    whole = svg.get_attribute("viewBox")
    place = svg.bounding_box()
    page.mouse.move(place["x"] + place["width"] * 0.3, place["y"] + place["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] * 0.5, place["y"] + place["height"] * 0.5, steps=4)
    page.mouse.up()
    zoomed = svg.get_attribute("viewBox")
    others = page.locator("#chart-response svg").get_attribute("viewBox").split()[:3:2]
    findings.check(zoomed != whole and others == zoomed.split()[:3:2], "dragging zooms every chart")
    after = svg.bounding_box()
    findings.check(abs(after["height"] - place["height"]) < 2, "and keeps its height")
    findings.check(page.locator("select").input_value() == "" and
                   page.get_by_role("button", name="Whole run").is_visible(), "and offers the way back")
    box.focus()
    page.keyboard.press("Escape")
    same = [float(x) for x in svg.get_attribute("viewBox").split()] == [float(x) for x in whole.split()]
    findings.check(same, "Escape shows the whole run")
    phases = page.locator("select option").count()
    if phases > 1:
        page.locator("select").select_option(index=2 if phases > 2 else 1)
        findings.check(svg.get_attribute("viewBox") != whole, f"{phases - 1} phases can be chosen")
        page.locator("select").select_option(index=0)

    button = page.locator("#chart-throughput .bar button").first
    button.focus()
    page.keyboard.press("Space")
    hidden = page.locator("#chart-throughput [data-series][display=none]").count()
    off = button.get_attribute("aria-pressed")
    page.keyboard.press("Space")
    shown = page.locator("#chart-throughput [display=none][data-series]").count()
    findings.check(hidden > 0 and off == "false" and shown == 0, "a series can be hidden and shown")

    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark colours").click()
    findings.check(page.evaluate(ground) != light, "the colours can be switched")
    page.get_by_role("button", name="Light colours").click()
    findings.check(page.evaluate(ground) == light, "and back")

    page.locator("#chart-throughput summary").click()
    page.locator("#chart-throughput details button").click()
    page.wait_for_function("document.querySelector('#chart-throughput details button').textContent == 'Copied'")
    lines = page.evaluate("navigator.clipboard.readText()").strip().splitlines()
    rows = page.locator("#chart-throughput tbody tr").count()
    findings.check(len(lines) == rows + 1, f"a table is copied as CSV: {len(lines)} lines, {lines[0]}")
    findings.check(not errors, f"using it leaves nothing on the console {errors[:3]}")
    context.close()


def blocked(browser, base, out, findings):
    """As Jenkins serves it: no script, no inline style."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900})
    page = context.new_page()
    page.goto(base + "blocked")
    findings.check(page.locator(".bar").count() == 0, "blocked: no script ran")
    family = page.evaluate("getComputedStyle(document.querySelector('h1')).maxWidth")
    findings.check(page.locator("svg[data-chart]").count() > 5, "blocked: the charts are there")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    findings.check(ground == "rgba(0, 0, 0, 0)" and family == "none", "blocked: no style was used")
    findings.check(page.locator("#verdict").inner_text().strip() != "", "blocked: the verdict reads")
    page.locator("#chart-throughput summary").click()
    findings.check(page.locator("#chart-throughput table").is_visible(), "blocked: tables unfold")
    page.locator("#chart-throughput summary").click()
    picture(page, f"{out}/report-blocked.png", WIDE, HEIGHTS["blocked"])
    context.close()


def printed(browser, base, out, findings):
    """On A4."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, color_scheme="dark")
    page = context.new_page()
    page.goto(base)
    path = f"{out}/report.pdf"
    page.pdf(path=path, format="A4", print_background=True)
    context.close()
    findings.check(open(path, "rb").read(5) == b"%PDF-", f"printed: {os.path.getsize(path)} bytes")
    if shutil.which("pdftoppm"):
        target = f"{out}/report-print"
        subprocess.run(["pdftoppm", "-png", "-r", "60", "-f", "1", "-l", "2", path, target], check=True)
        for name in sorted(os.listdir(out)):
            if name.startswith("report-print") and name.endswith(".png"):
                shrink(f"{out}/{name}")
        info = subprocess.run(["pdfinfo", path], capture_output=True, text=True).stdout
        print("      " + ", ".join(l for l in info.splitlines() if l.startswith(("Pages", "Page size"))))
    os.remove(path)


def timed(spate, folder, findings):
    times = []
    for _ in range(5):
        start = time.monotonic()
        subprocess.run([spate, "report", folder], check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - start)
    middle = sorted(times)[2]
    findings.check(middle < 1, f"spate report takes {middle:.2f} s (median of 5)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="a run's folder with report.html")
    parser.add_argument("--out", default=f"{ROOT}/docs/pictures")
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--spate", help="also measure how long this program takes to render")
    arguments = parser.parse_args()
    findings = Findings()
    if arguments.spate:
        timed(arguments.spate, arguments.folder, findings)
    with open(f"{arguments.folder}/report.html", "rb") as file:
        Page.body = file.read()
    findings.check(len(Page.body) <= LIMIT, f"the page has {len(Page.body)} bytes")
    os.makedirs(arguments.out, exist_ok=True)
    from playwright.sync_api import sync_playwright

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        with sync_playwright() as tool:
            browser = tool.chromium.launch(
                executable_path=arguments.chromium, args=["--no-sandbox"])
            look(browser, base, arguments.out, findings)
            use(browser, base, findings)
            blocked(browser, base, arguments.out, findings)
            printed(browser, base, arguments.out, findings)
            browser.close()
    finally:
        server.shutdown()
    print(f"{len(findings.wrong)} wrong")
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
