"""What the names of a statement refer to; placeholders; parsing within bounds."""

from __future__ import annotations

import pytest

from ci_gate.codemodel.sql import parse, parse_script
from ci_gate.codemodel.sqldrivers import DRIVERS
from ci_gate.codemodel.sqllex import masked, placeholders, verb
from ci_gate.codemodel.sqlscope import Analysis, analyse
from ci_gate.codemodel.sqltext import Hole, Str, Text


def read(text: str) -> Analysis:
    parsed = parse_script(text, "postgres")
    assert parsed.error is None
    found = analyse(parsed.statements[0])
    assert found is not None
    return found


def unresolved(text: str) -> list[str]:
    """The qualified columns whose alias nothing has."""
    return [
        f"{use.qualifier}.{use.name}"
        for use in read(text).uses
        if use.qualifier and use.scope.find(use.qualifier) is None
    ]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("SELECT a.x, u.y FROM articles a", ["u.y"]),
        ("SELECT a.x FROM articles a JOIN users u ON u.id = a.author_id AND t.id = 1", ["t.id"]),
        ("SELECT (SELECT count(*) FROM f WHERE f.a = a.id AND f.u = u.id) FROM a", ["u.id"]),
        ("SELECT x.n FROM (SELECT 1 AS n) x WHERE EXISTS (SELECT 1 FROM y WHERE y.n = x.n)", []),
        ("WITH c AS (SELECT a.id FROM a) SELECT c.id, a.id FROM c", ["a.id"]),
        ("SELECT l.v FROM a CROSS JOIN LATERAL (SELECT a.v + 1 AS v) l", []),
        ("INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET x = excluded.x + a.x", []),
        ("UPDATE a SET x = b.y FROM b WHERE b.id = a.id AND c.id = 1 RETURNING a.id", ["c.id"]),
        ("DELETE FROM a USING b WHERE a.id = b.id AND d.id = 1", ["d.id"]),
        ("SELECT a.x FROM a UNION SELECT b.x FROM b ORDER BY 1", []),
        ("SELECT c.x FROM ((a JOIN b ON b.i = a.i) JOIN c ON c.i = b.i) JOIN d ON d.i = c.i", []),
        ("SELECT q.x FROM ((SELECT 1 AS x) q JOIN b ON b.x = q.x)", []),
        ("SELECT q.x FROM ((SELECT 1 AS x)) q", []),
        ("SELECT p.a FROM (a JOIN b ON a.id = b.id) LEFT JOIN p ON p.id = b.id", []),
    ],
)
def test_aliases(text: str, missing: list[str]) -> None:
    assert unresolved(text) == missing


def test_tables_are_those_of_the_database() -> None:
    text = "WITH c AS (SELECT * FROM a) SELECT * FROM c, b.d, generate_series(1, 2) g"
    assert [source.table for source in read(text).tables] == ["a", "b.d"]


def test_results_of_a_query() -> None:
    use = read("SELECT q.x FROM (SELECT a.x, 1 AS y FROM a) q").uses[-1]
    source = use.scope.find("q")
    assert source is not None
    assert source.columns == ("x", "y")
    use = read("SELECT q.x FROM (SELECT a.x, count(*) FROM a) q").uses[-1]
    source = use.scope.find("q")
    assert source is not None
    assert source.columns is None


def test_joins() -> None:
    pairs = read("SELECT 1 FROM a JOIN b ON (b.x = a.y AND a.z > 1) WHERE a.k = b.k").joins
    assert [(p.left.name, p.right.name) for p in pairs] == [("x", "y"), ("k", "k")]


def test_holes_are_names_or_nothing() -> None:
    text = Text((Str("SELECT a FROM t "), Hole(None), Str(" WHERE "), Hole(None)))
    parsed = parse(text, DRIVERS["sqlite3"], "sqlite")
    assert parsed.error is None
    assert parsed.holes


@pytest.mark.parametrize(
    "text",
    ["SELECT " + "(" * 300 + "1" + ")" * 300, "SELECT 'open", "x" * 30_000, "SELECT FROM WHERE",
     "\0", "select * from t where a in (" + "1," * 3000 + "1)", "$$", "SELECT $a$ $b$"],
)  # fmt: skip
def test_any_text_is_read_or_not(text: str) -> None:
    for dialect in ("sqlite", "postgres", "mysql", None):
        parsed = parse_script(text, dialect)  # type: ignore[arg-type]
        for statement in parsed.statements:
            analyse(statement)


def shown(text: str, driver: str) -> list[str]:
    known = DRIVERS[driver]
    assert known.styles is not None
    found = placeholders(text, known.styles, server=known.server)
    return [text[item.start : item.end] for item in found]


def test_placeholders() -> None:
    assert shown("a = ? AND b = '?' -- ?\nAND c = :n AND d = ?2", "sqlite3") == ["?", ":n", "?2"]
    assert shown("a = $1::int AND b = '$2' AND c = $12 $$ $3 $$", "asyncpg") == ["$1", "$12"]
    assert shown("a = :a AND b::text = '12:30' AND c = \\:d AND e=:e_1", "sqlalchemy") == [
        ":a", ":e_1",
    ]  # fmt: skip
    assert shown("a = %s AND b LIKE '%%x' AND c = %(n)s AND d = '%s'", "psycopg") == [
        "%s", "%(n)s", "%s",
    ]  # fmt: skip


def test_what_is_no_code() -> None:
    assert masked("a 'b''c' -- d\n\"e\" /* f */ g") == "a §§§§§§     \n§§§         g"
    assert verb("-- first\n  (SELECT 1)") == "select"
    assert verb("hello") is None
