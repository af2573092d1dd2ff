"""Runs kept whole on this machine, so that a better diagnosis can be asked about them again.

Not committed: a run is some 200 kB. Without them everything still works; a changed diagnosis then needs the runs
to be played again.
"""
import json
import os
import tarfile

from validation.targets import stand

FOLDER = f"{stand.ROOT}/.build-validation"


def place(run_id):
    return f"{FOLDER}/{run_id}.tar.gz"


def has(run_id):
    return os.path.exists(place(run_id))


def put(run_id, out, truth, load):
    """Keeps a run's folder, its target's truth and the machine's load; whole or not at all."""
    os.makedirs(FOLDER, exist_ok=True)
    said = f"{os.path.dirname(out)}/kept.json"
    with open(said, "w") as file:
        json.dump({"truth": truth, "loadavg": load}, file)
    with tarfile.open(place(run_id) + ".new", "w:gz") as archive:
        archive.add(said, "kept.json")
        archive.add(out, "out")
    os.replace(place(run_id) + ".new", place(run_id))


def get(run_id, folder):
    """Unpacks a run into `folder`/out; returns its target's truth and the load there was."""
    with tarfile.open(place(run_id)) as archive:
        archive.extractall(folder, filter="data")
    with open(f"{folder}/kept.json") as file:
        said = json.load(file)
    return said["truth"], said["loadavg"]
