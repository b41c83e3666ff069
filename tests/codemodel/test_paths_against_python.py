"""What is followed over abstract values is what Python does: small programs, run both ways."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from ci_gate.codemodel.sqlcalls import SqlCalls
from support.programs import Program

CONDITIONS = ("a", "b is not None", "not c")

SIMPLE = st.sampled_from([
    'parts.append("x = ?"); values.append(1)',
    "number += 1",
    'parts.append(f"y = ${number}")\nvalues.append(2)\nnumber += 1',
    'values += [3, 4]\nparts.extend(["z = ?", "w = ?"])',
    'sql += " -- more"',
    'sql = f"{sql} {len(values)}"',
    'add("k = {}", 5)',
    'for name in ("p", "q"):\n    parts.append(f"{name} = ?")\n    values.append(name)',
    'sql = sql + " " + ", ".join(name.upper() for name in ["s", "t"])',
    'more = {"m": 1, **({"n": 2} if a else {})}\nvalues.extend(more.values())',
    'first, second = "(%s)" % "f", "{}-{x}".format(1, x="g")\nsql += first + second',
    'sql = sql.strip() if b is not None else sql.replace("SELECT", "select")',
    'values.insert(0, "top")',
    'sql += "." * len(parts)',
    'sql += helper(parts, values)',
    'try:\n    sql += "!"\nexcept ValueError:\n    sql += "?"',
    'with open(0) as f:\n    sql += "~"',
])  # fmt: skip


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


@st.composite
def bodies(draw: st.DrawFn, depth: int = 2) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        if depth and draw(st.booleans()):
            test = draw(st.sampled_from([*CONDITIONS, "a and not c", "b is None or c", "parts"]))
            parts.append(f"if {test}:\n{indented(draw(bodies(depth - 1)))}")
            if draw(st.booleans()):
                parts.append(f"else:\n{indented(draw(bodies(depth - 1)))}")
        else:
            parts.append(draw(SIMPLE))
    return "\n".join(parts)


PROGRAM = """
import sqlite3


def helper(parts, values):
    values.append("h")
    if not parts:
        return " nothing"
    return " WHERE " + " AND ".join(parts)


def run(db: sqlite3.Connection, a, b, c):
    sql, parts, values, number = "SELECT 1", [], [], 1

    def add(part, value):
        values.append(value)
        parts.append(part.format(len(values)))

{body}
    db.execute(sql + " AND ".join(parts), values)
"""


class Recorder:
    """Stands for a connection: keeps what it is given."""

    def execute(self, text: str, values: Iterable[object]) -> None:
        self.seen = (text, len(list(values)))


def ran(source: str, inputs: tuple[object, ...]) -> tuple[str, int]:
    scope: dict[str, object] = {"open": lambda _: _Nothing()}
    exec(compile(source, "program", "exec"), scope)
    recorder = Recorder()
    scope["run"](recorder, *inputs)  # type: ignore[operator]
    return recorder.seen


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@settings(max_examples=150, deadline=None)
@given(bodies())
def test_every_run_is_a_variant(body: str) -> None:
    source = PROGRAM.format(body=indented(body))
    calls = SqlCalls(Program({"app.py": source}).model).all
    if not calls:
        return  # too many ways
    [call] = calls
    followed = {
        (variant.text.constant(), variant.values.fixed)
        for variant in call.variants
        if variant.values.kind == "positional" and not variant.values.open
    }
    known = all(item.values.kind == "positional" and not item.values.open for item in call.variants)
    for inputs in itertools.product((True, False), (None, 1), (True, False)):
        assert not known or ran(source, inputs) in followed
