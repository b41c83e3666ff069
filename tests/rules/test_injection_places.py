"""Where an injection is: the call that runs the text, and the line that puts the value into it."""

from __future__ import annotations

from pathlib import Path

from ci_gate.config import Config
from ci_gate.rules.query.injection import Injection
from ci_gate.scan import Options, judge
from support.trees import MemoryTree

_APP = """\
import sqlite3

from flask import Flask, jsonify, request

app = Flask(__name__)


def condition(word):
    return f"name LIKE '%{word}%'"


@app.get("/knots")
def knots():
    text = "SELECT id, name FROM knots WHERE " + condition(request.args.get("q", ""))
    with sqlite3.connect("knots.db") as connection:
        return jsonify(connection.execute(text + " LIMIT 20").fetchall())
"""


def test_the_line_that_puts_the_value_into_the_text_is_named() -> None:
    tree = MemoryTree({"requirements.txt": "flask==3.1.0\n", "app.py": _APP})

    (finding,) = judge(
        tree, Options(Path(), Config()), None, with_semgrep=False, chosen=[Injection]
    ).findings

    spliced = [item for item in finding.related if item.message == "it is put into the text here"]
    assert [(item.path, item.line) for item in spliced] == [("app.py", 9)]
    assert finding.start.line == 16
