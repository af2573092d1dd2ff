#!/usr/bin/env python3
"""Writes the manual pages man/*.1 from the program's own help: `make manual`.

    scripts/make-manual.py [--program .build/release/spate] [--output man] [--check]

What options there are and what they do comes from `spate --experimental-dump-help`, the exit codes from `spate
exit-codes`; environment, files and examples stand in manual_text.py. With --check nothing is written: exit 1 when a page
is not as it would be written, with the first line that differs.
"""

import argparse
import json
import pathlib
import subprocess
import sys

from manual_text import ENVIRONMENT, EXAMPLES, EXIT_CODES, FILES, NOTES, VARIABLES

ROOT = pathlib.Path(__file__).resolve().parent.parent
SPECIAL = {"·": r"\(bu", "–": r"\(en", "—": r"\(em", "…": "...", "×": r"\(mu", "µ": r"\(mc", "≥": ">=", "≤": "<="}


def roff(text):
    """Plain text as roff: no character is a command by accident."""
    out = []
    for character in text:
        if character in SPECIAL:
            out.append(SPECIAL[character])
        elif character == "\\":
            out.append(r"\(rs")
        elif character == "-":
            out.append(r"\-")
        elif character == "'":
            out.append(r"\(aq")
        elif character == "`":
            out.append(r"\(ga")
        elif character == "^":
            out.append(r"\(ha")
        elif character == "~":
            out.append(r"\(ti")
        elif ord(character) > 126:
            out.append(rf"\[u{ord(character):04X}]")
        else:
            out.append(character)
    line = "".join(out)
    return r"\&" + line if line.startswith(".") else line


def paragraphs(text):
    """Running text in paragraphs; lines with columns in them stay as they are."""
    lines = []
    for number, part in enumerate(text.strip().split("\n\n")):
        lines.append(".PP" if number else "")
        rows = part.split("\n")
        if any("  " in row.strip() or row.startswith(" ") for row in rows):
            lines += [".nf"] + [roff(row) for row in rows] + [".fi"]
        else:
            for row in rows:
                lines += [roff(row), ".br"]
            lines.pop()
    return [line for line in lines if line]


def spelled(name):
    return ("-" if name["kind"] in ("short", "longWithSingleDash") else "--") + name["name"]


def item(argument):
    """One argument or option: its names, and what it does."""
    value = f"<{argument['valueName']}>"
    if argument["kind"] == "positional":
        head = r"\fI" + roff(value) + r"\fR"
    else:
        names = sorted(argument["names"], key=lambda name: name["kind"] != "short")
        head = ", ".join(r"\fB" + roff(spelled(name)) + r"\fR" for name in names)
        if argument["kind"] == "option":
            head += r" \fI" + roff(value) + r"\fR"
    text = " ".join(argument.get("abstract", "").split())
    extra = []
    values = argument.get("allValues") or []
    if values:
        extra.append("one of " + ", ".join(values))
    if "defaultValue" in argument:
        extra.append("default: " + argument["defaultValue"])
    if argument.get("isRepeating"):
        extra.append("may be repeated")
    if extra:
        text += f" ({'; '.join(extra)})"
    return [".TP", head, roff(text)]


def table(rows):
    lines = []
    for name, text in rows:
        lines += [".TP", r"\fB" + roff(name) + r"\fR", roff(text)]
    return lines


def examples(rows):
    lines = []
    for text, command in rows:
        lines += [".PP", roff(text), ".PP", ".RS 4", ".nf"]
        lines += [roff(row) for row in command.split("\n")] + [".fi", ".RE"]
    return lines[1:]


def section(title, lines):
    return [f".SH {title}"] + lines if lines else []


class Manual:
    def __init__(self, program):
        self.program = program
        self.root = json.loads(self.ask("--experimental-dump-help"))["command"]
        self.version = self.ask("--version").strip()
        self.codes = []
        for line in self.ask("exit-codes").splitlines():
            number, _, text = line.strip().partition(" ")
            if number.isdigit():
                self.codes.append((int(number), text.strip()))
            else:
                self.precedence = line.strip()
        self.verbs = [
            verb for verb in self.root["subcommands"]
            if verb["commandName"] != "help" and verb.get("shouldDisplay", True)
        ]

    def ask(self, *arguments):
        return subprocess.run(
            [self.program, *arguments], check=True, capture_output=True, text=True, env={"COLUMNS": "100"}).stdout

    def head(self, name, abstract):
        return [
            r'.\" Written by scripts/make-manual.py from the program' + "'s help; edit that, or manual_text.py.",
            f'.TH {name.upper()} 1 "" "Spate {roff(self.version)}" "Spate manual"',
            ".nh", ".ad l", ".SH NAME", roff(name) + r" \- " + roff(abstract.rstrip(".")),
        ]

    def exits(self, verb):
        wanted = EXIT_CODES.get(verb)
        rows = [(str(code), text) for code, text in self.codes if wanted is None or code in wanted]
        lines = table(rows)
        if wanted is None:
            lines += [".PP", roff(self.precedence)]
        return lines

    def environment(self, options):
        rows = [
            (variable, f"stands for {option} where that is not given")
            for option, variable in VARIABLES if option in options
        ]
        return table(rows + ENVIRONMENT)

    def main_page(self):
        root = self.root
        lines = self.head("spate", root["abstract"])
        lines += section("SYNOPSIS", [r"\fBspate\fR \fIverb\fR [\fIarguments\fR]"])
        lines += section("DESCRIPTION", paragraphs(root.get("discussion", "")))
        verbs = []
        for verb in self.verbs:
            verbs += [".TP", r"\fBspate\-" + roff(verb["commandName"]) + r"\fR(1)", roff(verb["abstract"])]
        lines += section("VERBS", verbs)
        lines += section("EXIT STATUS", self.exits(None))
        lines += section("ENVIRONMENT", self.environment({option for option, _ in VARIABLES}))
        lines += section("FILES", table(FILES))
        lines += section("EXAMPLES", examples(EXAMPLES["spate"]))
        names = [r"\fBspate\-" + roff(verb["commandName"]) + r"\fR(1)" for verb in self.verbs]
        return lines + section("SEE ALSO", [name + "," for name in names[:-1]] + [names[-1]])

    def verb_page(self, verb):
        name = verb["commandName"]
        shown = [argument for argument in verb.get("arguments", []) if argument.get("shouldDisplay", True)]
        positional = [argument for argument in shown if argument["kind"] == "positional"]
        options = [argument for argument in shown if argument["kind"] != "positional"]
        lines = self.head(f"spate-{name}", verb["abstract"])
        synopsis = r"\fBspate " + roff(name) + r"\fR [\fIoptions\fR]"
        for argument in positional:
            word = r"\fI" + roff(f"<{argument['valueName']}>") + r"\fR"
            word += " ..." if argument["isRepeating"] else ""
            synopsis += f" [{word}]" if argument["isOptional"] else f" {word}"
        lines += section("SYNOPSIS", [synopsis])
        text = verb["abstract"] + "\n\n" + verb.get("discussion", "")
        if name in NOTES:
            text += "\n\n" + NOTES[name]
        lines += section("DESCRIPTION", paragraphs(text))
        lines += section("ARGUMENTS", [line for argument in positional for line in item(argument)])
        lines += section("OPTIONS", [line for argument in options for line in item(argument)])
        lines += section("EXIT STATUS", self.exits(name))
        long = {spelled(entry) for argument in options for entry in argument["names"]}
        lines += section("ENVIRONMENT", self.environment(long))
        lines += section("FILES", table(FILES))
        lines += section("EXAMPLES", examples(EXAMPLES.get(name, EXAMPLES["spate"])))
        return lines + section("SEE ALSO", [r"\fBspate\fR(1)"])

    def pages(self):
        pages = {"spate.1": self.main_page()}
        for verb in self.verbs:
            pages[f"spate-{verb['commandName']}.1"] = self.verb_page(verb)
        return {name: "\n".join(lines) + "\n" for name, lines in pages.items()}


def difference(path, wanted):
    """The first line that is not as it would be written; none when all are."""
    if not path.exists():
        return "it is missing"
    found = path.read_text(encoding="utf-8")
    if found == wanted:
        return None
    for number, (left, right) in enumerate(zip(found.splitlines(), wanted.splitlines()), 1):
        if left != right:
            return f"line {number} is {left!r}, and would be {right!r}"
    return "it ends elsewhere"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/spate"))
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "man")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is not up to date")
    options = parser.parse_args()
    pages = Manual(options.program).pages()
    options.output.mkdir(exist_ok=True)
    stale = sorted(path for path in options.output.glob("*.1") if path.name not in pages)
    if not options.check:
        for name, text in pages.items():
            (options.output / name).write_text(text, encoding="utf-8")
        for path in stale:
            path.unlink()
        return 0
    failed = [(path, "no verb has it any more") for path in stale]
    for name, text in pages.items():
        reason = difference(options.output / name, text)
        if reason:
            failed.append((options.output / name, reason))
    for path, reason in failed:
        print(f"{path}: {reason}; run: make manual", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
