"""Pieces of text know where they are written."""

from __future__ import annotations

import textwrap

import pytest

from ci_gate.codemodel.sqlstatements import SqlStatements
from support.programs import Program


def written(body: str, word: str) -> tuple[int, str]:
    """The line and the source text from where ``word`` of the SQL is written."""
    source = "import sqlite3\n\ndb = sqlite3.connect('x')\n" + textwrap.dedent(body)
    statements = SqlStatements(Program({"app.py": source}).model, None)
    [read] = statements.all
    variant = read.variants[0]
    place = statements.place(variant, variant.parsed.rendered.text.index(word))
    assert place is not None
    line = source.splitlines()[place.line - 1]
    return place.line, line[place.column - 1 : place.column - 1 + len(word)]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("db.execute('SELECT wanted FROM t')", 4),
        ("db.execute('SELECT '\n  'wanted '\n  'FROM t')", 5),
        ("db.execute('''\n  SELECT a,\n    wanted\n  FROM t''')", 6),
        ("db.execute('SELECT a\\n, wanted FROM t')", 4),
        ("db.execute('SELECT \\\n wanted FROM t')", 5),
        ("n = 't'\ndb.execute(f'SELECT {n}, '\n f'{n!r:>3} a, wanted FROM t')", 6),
        ("db.execute('SELECT {}, '\n '{{x}} wanted FROM t'.format('a'))", 5),
        ("db.execute('SELECT %s, '\n 'wanted FROM t' % 'a')", 5),
        ("parts = ['a']\nparts.append('wanted')\ndb.execute('SELECT ' + ', '.join(parts))", 5),
        ("SQL = '''SELECT\n  \"é\", 'x''y',\n  wanted'''\ndb.execute(SQL)", 6),
    ],
)  # fmt: skip
def test_place(body: str, line: int) -> None:
    assert written(body, "wanted") == (line, "wanted")
