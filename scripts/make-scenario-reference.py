#!/usr/bin/env python3
"""Writes docs/scenario.md, every key of a scenario file, from the program's own schema: `make manual`.

    scripts/make-scenario-reference.py [--program .build/release/spate] [--output docs/scenario.md] [--check]

Keys, words and defaults come from `spate schema`. With --check nothing is written: exit 1 when the page is not as it would
be written, with the first line that differs.
"""
import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INTRODUCTION = """# Every key of a scenario file

Written by `make manual` from `spate schema`, which editors read as well; `spate check FILE` holds a file against it, and
`spate new` writes files to start from. What the parts are for is told in [how crowds arrive](arrivals.md),
[journeys](journeys.md), [what clients send](uploads.md), [retries](retries.md), [networks](networks.md),
[thresholds](thresholds.md), [probes](probes.md), [protocols](protocols.md) and [faults](faults.md).

A **span** is a number with a unit, `30s`, `1h30m` or `200ms`; a bare number is refused. A **rate** is `50/s` or `24000/h`. A
**spread** is drawn anew each time: see [spreads](#spreads). Story time is divided by `timeScale`, wall time is not. In bold:
required.

## Coming from k6 or Artillery

Executors, metrics, thresholds and flow steps have the names you know. Different are: a span needs its unit; schedules and
patience are in story time, think times and timeouts in wall time; clients of open executors are new people with connections
of their own; `maxVUs` and `maxVusers` mean `maxInFlight`, beyond which arrivals are *dropped* and the run is
invalid; `preAllocatedVUs` is accepted and ignored; a threshold without samples does not pass (exit 95).
"""
SPREADS = ("uniform", "lognormal")


class Reference:
    """Walks the schema once and writes a section for each definition that has keys."""

    def __init__(self, schema):
        self.schema = schema
        self.spreads = None

    def text(self):
        sections = [self.section("The file", self.schema)]
        for name, definition in self.schema["definitions"].items():
            if name == "population":
                sections.append(self.populations(definition))
            elif name in ("size", "intake"):
                continue
            elif self.keys(definition):
                sections.append(self.section(name, definition))
        sections.append(self.intake(self.schema["definitions"]["intake"]))
        sections.append(self.spread_section())
        return INTRODUCTION + "\n" + "\n".join(sections)

    def section(self, title, definition):
        return f"## {title}\n\n{definition['description']}\n\n" + self.table(self.keys(definition))

    def intake(self, definition):
        lead = ("## intake\n\nSettings of the bundled intake: `target: { intake: { ... } }`, or `spate-intake --set`. "
                f"{definition['description']}\n\n")
        rows = {key: value for key, value in self.keys(definition).items() if not key.startswith("faults")}
        return lead + self.table(rows) + "\n`faults` stand in [faults](faults.md).\n"

    def populations(self, definition):
        """The keys that all executors share, then those of each."""
        keys = self.keys(definition)
        rules = {}
        for rule in definition["allOf"]:
            if "if" in rule and "executor" in rule["if"].get("properties", {}):
                name = rule["if"]["properties"]["executor"].get("const")
                if name and name not in rules:
                    rules[name] = rule["then"]
        refused = {name: {key for key, value in rule["properties"].items() if value is False}
                   for name, rule in rules.items()}
        own = set().union(*refused.values())
        shared = {key: value for key, value in keys.items() if key.split(".")[0] not in own}
        text = f"## population\n\n{definition['description']} Under `scenarios:`, by name.\n\n" + self.table(shared)
        text += "\n### Keys of each executor\n\n| executor | needs | takes |\n|---|---|---|\n"
        for name, rule in rules.items():
            needs = rule.get("required", [])
            takes = [key for key in definition["properties"]
                     if key in own and key not in refused[name] and key not in needs]
            text += f"| `{name}` | {self.words(needs)} | {self.words(takes)} |\n"
        return text + "\n" + self.table({key: keys[key] for key in keys if key.split(".")[0] in own})

    @staticmethod
    def words(names):
        return ", ".join(f"`{name}`" for name in names)

    def table(self, keys):
        text = "| key | value | what it is |\n|---|---|---|\n"
        for key, (value, required) in keys.items():
            shown = f"**`{key}`**" if required else f"`{key}`"
            text += f"| {shown} | {self.value(value)} | {self.cell(value.get('description', ''))} |\n"
        return text

    @staticmethod
    def cell(text):
        return text.replace("|", "\\|").replace("\n", " ").replace("{{", "`{{").replace("}}", "}}`")

    def keys(self, node, prefix=""):
        """The keys below a node, inner ones by their path; definitions of their own are not entered."""
        found = {}
        for part in [node] + node.get("anyOf", []) + node.get("oneOf", []):
            if "$ref" in part or self.is_spread(part):
                continue
            required = part.get("required", [])
            for key, value in part.get("properties", {}).items():
                if value is False or value is True:
                    continue
                path = prefix + key
                found[path] = (value, key in required and not prefix)
                if not self.reference(value):
                    found.update(self.keys(value, path + "."))
        items = node.get("items")
        if isinstance(items, dict) and not self.reference(items):
            found.update(self.keys(items, prefix))
        return found

    def is_spread(self, node):
        if all(name in node.get("properties", {}) for name in SPREADS):
            self.spreads = self.spreads or node
            return True
        return False

    @staticmethod
    def reference(node):
        for part in [node] + node.get("allOf", []):
            if "$ref" in part:
                return part["$ref"].split("/")[-1]
        return None

    def value(self, node):
        """What may stand there, in a word or two."""
        name = self.reference(node)
        if name:
            return self.link(name)
        kinds = []
        for part in node.get("anyOf") or node.get("oneOf") or [node]:
            kind = self.kind(part)
            if kind and kind not in kinds:
                kinds.append(kind)
        if "a span" in kinds and "0" in kinds:
            kinds.remove("0")
        if len(kinds) > 1 and kinds[-1] == "list of " + ", ".join(kinds[:-1]):
            kinds[-1] = "or a list of these"
        words = [word for kind in kinds for word in (kind.split(", ") if kind.startswith("`") else [kind])]
        return ", ".join(dict.fromkeys(words))

    def link(self, name):
        if name == "size":
            return "[spread](#spreads) of bytes"
        definition = self.schema["definitions"][name]
        return f"[{name}](#{name.lower()})" if self.keys(definition) else self.value(definition)

    def kind(self, node):
        name = self.reference(node)
        if name:
            return self.link(name)
        if "enum" in node:
            return ", ".join(f"`{json.dumps(word) if not isinstance(word, str) else word}`" for word in node["enum"])
        if "const" in node:
            return str(node["const"])
        if self.is_spread(node):
            return "[spread](#spreads)"
        if "anyOf" in node:
            return self.value(node)
        kind = node.get("type")
        if kind == "array":
            inner = self.value(node.get("items", {}))
            return f"list of {inner}" if inner else "list"
        if kind == "object":
            inner = node.get("additionalProperties")
            if isinstance(inner, dict) and self.value(inner):
                return f"names, each {self.value(inner)}"
            return "an object"
        if kind in ("integer", "number"):
            return self.number(node, kind)
        if kind == "boolean":
            return "`true`, `false`"
        pattern = node.get("pattern", "")
        if " */ *" in pattern:
            return "a rate"
        if "ms|s|m|h|d" in pattern:
            return "a span"
        if "MiB" in pattern or "kB" in pattern:
            return "bytes"
        return "a text" if kind else "anything"

    @staticmethod
    def number(node, kind):
        low, high = node.get("minimum", node.get("exclusiveMinimum")), node.get("maximum")
        word = "a whole number" if kind == "integer" else "a number"
        if low is not None and high is not None:
            return f"{word}, {low} to {high}"
        return word

    def spread_section(self):
        text = "## Spreads\n\nWherever a spread is taken, one of these may stand instead of a value.\n\n"
        return text + self.table({key: (value, False) for key, (value, _) in self.keys(
            {"properties": self.spreads["properties"]}).items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / ".build/release/spate")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs/scenario.md")
    parser.add_argument("--check", action="store_true", help="write nothing, tell what differs")
    arguments = parser.parse_args()
    schema = json.loads(subprocess.run([arguments.program, "schema"], capture_output=True, check=True).stdout)
    text = Reference(schema).text()
    if not arguments.check:
        arguments.output.write_text(text, encoding="utf-8")
        return
    there = arguments.output.read_text(encoding="utf-8") if arguments.output.exists() else ""
    for number, (new, old) in enumerate(zip(text.split("\n") + [""], there.split("\n") + [""]), 1):
        if new != old:
            sys.exit(f"{arguments.output}:{number} is {old!r}, the schema makes it {new!r}; run: make manual")
    if text != there:
        sys.exit(f"{arguments.output} is not what the schema makes it; run: make manual")


if __name__ == "__main__":
    main()
