"""A change to a small service with contract tests, judged against its base."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ci_gate.config import load
from ci_gate.scan import Options, scan
from ci_gate.scorecard.model import Scorecard

SERVICE = """\
import os

from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/items")
def items():
    return jsonify(load())


@app.get("/items/<int:item_id>")
def item(item_id):
    return {"id": item_id, "done": False}


def load():
    return [1, 2]


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
"""
TESTS = """\
import json
import urllib.request


def ask(url):
    return json.load(urllib.request.urlopen(url, timeout=5))


def test_items(base_url):
    assert ask(base_url + "/items") == [1, 2]


def test_item(base_url):
    assert not ask(base_url + "/items/7")["done"]
"""
CONFIG = """\
semgrep: {enabled: false}
contract:
  runner: pytest
  tests: checks
  rerun: false
  service:
    command: python service.py
    database: {migrate: python migrate.py}
"""
FILES = {
    "service.py": SERVICE,
    "migrate.py": "print('migrated')\n",
    "checks/test_api.py": TESTS,
    ".ci-gate.yml": CONFIG,
}


def git(root: Path, *args: str) -> None:
    settings = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    subprocess.run(["git", *settings, *args], cwd=root, check=True, capture_output=True)


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def project(root: Path, files: dict[str, str] | None = None) -> Path:
    """A repository on the branch ``change``, which begins where ``main`` is."""
    root.mkdir()
    write(root, {**FILES, **(files or {})})
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "service")
    git(root, "switch", "-qc", "change")
    return root


def judge(root: Path, changed: dict[str, str] | None = None) -> Scorecard:
    """The change with these files on top, against its base."""
    write(root, changed or {})
    git(root, "add", "-A")
    return scan(Options(root, load(root), base="main"))
