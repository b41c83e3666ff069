"""Raw drivers: what opens, runs, commits and closes, and what rows are."""

from __future__ import annotations

import textwrap

import pytest

from ci_gate.codemodel.dataflow.events import Opened, Ran, RowUsed, Settled, Wrote
from support.flows import Followed, written

IMPORTS = """
import contextlib
import sqlite3
import aiosqlite
import asyncpg
import psycopg
import psycopg2
import psycopg2.extras
import pymysql
import aiomysql
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, AsyncConnectionPool

"""


def follow(body: str, head: str = "") -> Followed:
    code = IMPORTS + textwrap.dedent(head) + "\ndef go():\n"
    return Followed({"app.py": code + textwrap.indent(textwrap.dedent(body), "    ")})


LIFE = {
    "sqlite3": (
        """
        conn = sqlite3.connect("x.db")
        conn.execute("INSERT INTO a (b) VALUES (?)", (1,))
        conn.commit()
        conn.close()
        """,
        ["opened", "write:", "wrote INSERT INTO a", "commit", "close"],
    ),
    "sqlite3, a block commits and does not close": (
        """
        with sqlite3.connect("x.db") as conn:
            conn.execute("DELETE FROM a")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit"],
    ),
    "sqlite3, autocommit": (
        """
        conn = sqlite3.connect("x.db", isolation_level=None)
        conn.execute("DELETE FROM a")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit"],
    ),
    "sqlite3, closing": (
        """
        with contextlib.closing(sqlite3.connect("x.db")) as conn:
            with conn:
                conn.execute("DELETE FROM a")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit", "close"],
    ),
    "aiosqlite, a block closes and does not commit": (
        """
        async with aiosqlite.connect("x.db") as db:
            await db.execute("DELETE FROM a")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "close"],
    ),
    "asyncpg commits each statement": (
        """
        conn = await asyncpg.connect("x")
        await conn.execute("DELETE FROM a")
        await conn.close()
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit", "close"],
    ),
    "asyncpg, a transaction commits at its end": (
        """
        conn = await asyncpg.connect("x")
        async with conn.transaction():
            await conn.execute("DELETE FROM a")
            await conn.execute("DELETE FROM b")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "write:", "wrote DELETE FROM b", "commit"],
    ),
    "asyncpg, out of a pool": (
        """
        pool = await asyncpg.create_pool("x")
        async with pool.acquire() as conn:
            await conn.fetch("SELECT * FROM a")
        """,
        ["opened", "many:", "close"],
    ),
    "asyncpg, acquired and released": (
        """
        pool = await asyncpg.create_pool("x")
        conn = await pool.acquire()
        await conn.fetchrow("SELECT * FROM a WHERE b = $1", 2)
        await pool.release(conn)
        """,
        ["opened", "one:", "close"],
    ),
    "asyncpg, on the pool": (
        """
        pool = await asyncpg.create_pool("x")
        await pool.execute("DELETE FROM a")
        """,
        ["write:", "wrote DELETE FROM a", "commit"],
    ),
    "psycopg, a block commits and closes": (
        """
        with psycopg.connect("x") as conn:
            with conn.cursor() as cur:
                cur.execute("DELETE FROM a")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit", "close"],
    ),
    "psycopg, out of a pool": (
        """
        pool = ConnectionPool("x")
        with pool.connection() as conn:
            conn.execute("DELETE FROM a")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit", "close"],
    ),
    "psycopg2": (
        """
        conn = psycopg2.connect("x")
        with conn, conn.cursor() as cur:
            cur.execute("DELETE FROM a WHERE b = %s", (1,))
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit"],
    ),
    "psycopg2, autocommit": (
        """
        conn = psycopg2.connect("x")
        conn.autocommit = True
        conn.cursor().execute("DELETE FROM a")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit"],
    ),
    "pymysql": (
        """
        conn = pymysql.connect(host="x")
        cur = conn.cursor()
        cur.execute("UPDATE a SET b = %s", (1,))
        conn.rollback()
        """,
        ["opened", "write:", "wrote UPDATE a SET", "rollback"],
    ),
    "pymysql, autocommit": (
        """
        conn = pymysql.connect(host="x")
        conn.autocommit(True)
        conn.cursor().execute("DELETE FROM a")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit"],
    ),
    "a connection that may commit by itself": (
        """
        conn = psycopg2.connect(**settings)
        conn.cursor().execute("DELETE FROM a")
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit?"],
    ),
    "a pool whose connections commit": (
        """
        pool = ConnectionPool("x", kwargs={"autocommit": True})
        conn = pool.getconn()
        conn.execute("DELETE FROM a")
        pool.putconn(conn)
        """,
        ["opened", "write:", "wrote DELETE FROM a", "commit", "close"],
    ),
    "a script": (
        """
        conn = sqlite3.connect("x.db")
        conn.executescript("DELETE FROM a; DELETE FROM b")
        """,
        ["opened", "commit", "write:", "wrote DELETE FROM a;", "commit"],
    ),
    "transactions by text": (
        """
        conn = sqlite3.connect("x.db", isolation_level=None)
        conn.execute("BEGIN")
        conn.execute("DELETE FROM a")
        conn.execute("COMMIT")
        """,
        ["opened", "write:", "write:", "wrote DELETE FROM a", "write:", "commit"],
    ),
}


@pytest.mark.parametrize("case", LIFE)
def test_connections(case: str) -> None:
    body, expected = LIFE[case]
    assert follow(body).said("go", Opened, Ran, Wrote, Settled) == expected


RESULTS = {
    "all rows": ('conn.execute("SELECT a FROM b").fetchall()', ["many:"]),
    "one row": ('conn.execute("SELECT a FROM b").fetchone()', ["one:"]),
    "a count": ('conn.execute("SELECT count(*) FROM b").fetchone()', ["count:"]),
    "counts of groups": (
        'conn.execute("SELECT a, count(*) FROM b GROUP BY a").fetchall()',
        ["many:"],
    ),
    "nobody looks": ('conn.execute("SELECT a FROM b")', ["rows:"]),
    "many writes": ('conn.executemany("INSERT INTO b VALUES (?)", [(1,)])', ["write:"]),
    "a change in WITH": (
        'conn.execute("WITH x AS (SELECT 1) UPDATE b SET a = 1")',
        ["write:"],
    ),
    "iteration": ('for row in conn.execute("SELECT a FROM b"):\n    print(row)', ["many:"]),
    "a cursor that runs twice": (
        'cur = conn.cursor()\ncur.execute("SELECT a FROM b")\ncur.fetchone()\n'
        'cur.execute("SELECT c FROM d")\ncur.fetchall()',
        ["one:", "many:"],
    ),
}


@pytest.mark.parametrize("case", RESULTS)
def test_what_a_result_is_used_for(case: str) -> None:
    body, expected = RESULTS[case]
    assert follow('conn = sqlite3.connect("x.db")\n' + body).said("go", Ran) == expected


LOOPS = {
    "rows": 'for row in conn.execute("SELECT a, b FROM c").fetchall():\n    {use}',
    "a mapped list": (
        'items = [to_item(row) for row in conn.execute("SELECT a, b FROM c").fetchall()]\n'
        "for row in items:\n    {use}"
    ),
    "objects": (
        'items = [Item(**dict(row)) for row in conn.execute("SELECT a, b FROM c").fetchall()]\n'
        "for row in items:\n    {attribute}"
    ),
    "dicts": (
        'items = [dict(row) for row in conn.execute("SELECT a, b FROM c").fetchall()]\n'
        "for row in items:\n    {use}"
    ),
    "a list that is appended to": (
        'items = []\nfor one in conn.execute("SELECT a, b FROM c"):\n    items.append(dict(one))\n'
        "for row in items:\n    {use}"
    ),
}
HEAD = """
from dataclasses import dataclass

@dataclass
class Item:
    a: int

def to_item(row):
    return {"a": row["a"]}
"""


@pytest.mark.parametrize("case", LOOPS)
def test_queries_for_each_row(case: str) -> None:
    body = LOOPS[case].format(
        use='conn.execute("SELECT d FROM e WHERE f = ?", (row["a"],)).fetchone()',
        attribute='conn.execute("SELECT d FROM e WHERE f = ?", (row.a,)).fetchone()',
    )
    start = 'conn = sqlite3.connect("x.db")\nconn.row_factory = sqlite3.Row\n'
    assert follow(start + body, HEAD).said("go", Ran) == ["many:", "one in a loop:"]


@pytest.mark.parametrize(
    "text", ["SELECT a FROM b LIMIT 1", "SELECT count(*), sum(a) FROM b", "PRAGMA table_info(b)"]
)
def test_rows_that_cannot_be_many(text: str) -> None:
    body = (
        'conn = sqlite3.connect("x.db")\n'
        f'for row in conn.execute("{text}").fetchall():\n'
        '    conn.execute("SELECT d FROM e WHERE f = ?", (row[0],)).fetchone()\n'
    )
    assert "one in a loop:" not in follow(body).said("go", Ran)


ROWS = {
    "sqlite3, a name": (
        'sqlite3.connect("x").execute("SELECT a FROM b").fetchone()["a"]',
        ["row tuple key a"],
    ),
    "sqlite3, dict()": (
        'dict(sqlite3.connect("x").execute("SELECT a FROM b").fetchone())',
        ["row tuple dict None"],
    ),
    "sqlite3, a position": ('sqlite3.connect("x").execute("SELECT a FROM b").fetchone()[0]', []),
    "sqlite3.Row": (
        """
        conn = sqlite3.connect("x")
        conn.row_factory = sqlite3.Row
        row = conn.execute("SELECT a FROM b").fetchone()
        row["a"], row.keys(), dict(row)
        row.get("a")
        row["a"] = 1
        """,
        ["row sqlite-row attribute get", "row sqlite-row set a"],
    ),
    "a factory of one's own": (
        """
        conn = sqlite3.connect("x")
        conn.row_factory = lambda cursor, row: {}
        conn.execute("SELECT a FROM b").fetchone()["a"]
        """,
        [],
    ),
    "asyncpg": (
        """
        conn = await asyncpg.connect("x")
        row = await conn.fetchrow("SELECT a FROM b")
        row["a"], row.get("a"), dict(row)
        row.a
        row["a"] = 1
        """,
        ["row record attribute a", "row record set a"],
    ),
    "asyncpg, a record class": (
        """
        conn = await asyncpg.connect("x", record_class=Mine)
        (await conn.fetchrow("SELECT a FROM b")).a
        """,
        [],
    ),
    "psycopg": (
        """
        with psycopg.connect("x") as conn:
            conn.execute("SELECT a FROM b").fetchone()["a"]
        """,
        ["row tuple key a"],
    ),
    "psycopg, dict_row": (
        """
        with psycopg.connect("x", row_factory=dict_row) as conn:
            row = conn.execute("SELECT a FROM b").fetchone()
            row["a"]
            row["c"] = 1
            row[0]
        """,
        ["row dict index 0"],
    ),
    "psycopg, dict_row on the cursor": (
        """
        with psycopg.connect("x") as conn, conn.cursor(row_factory=dict_row) as cur:
            cur.execute("SELECT a FROM b")
            cur.fetchone()["a"]
        """,
        [],
    ),
    "psycopg2, RealDictCursor": (
        """
        conn = psycopg2.connect("x")
        cur = conn.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
        cur.execute("SELECT a FROM b")
        cur.fetchone()["a"]
        """,
        [],
    ),
    "pymysql, DictCursor": (
        """
        conn = pymysql.connect(host="x", cursorclass=pymysql.cursors.DictCursor)
        cur = conn.cursor()
        cur.execute("SELECT a FROM b")
        cur.fetchone()["a"]
        """,
        [],
    ),
    "arguments that are not known": (
        """
        conn = psycopg2.connect(**settings)
        cur = conn.cursor()
        cur.execute("SELECT a FROM b")
        cur.fetchone()["a"]
        """,
        [],
    ),
    "something unknown had the connection": (
        """
        conn = sqlite3.connect("x")
        prepare_connection(conn)
        conn.execute("SELECT a FROM b").fetchone()["a"]
        """,
        [],
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_rows(case: str) -> None:
    body, expected = ROWS[case]
    assert follow(body).said("go", RowUsed) == expected


def test_a_row_that_may_be_something_else() -> None:
    body = """
    row = sqlite3.connect("x").execute("SELECT a FROM b").fetchone() if choice else {"a": 1}
    row["a"]
    """
    assert follow(body).said("go", RowUsed) == []


def test_a_prepared_statement() -> None:
    body = """
    conn = await asyncpg.connect("x")
    statement = await conn.prepare("SELECT a FROM b WHERE c = $1")
    for row in await statement.fetch(1):
        await conn.fetchval("SELECT count(*) FROM d WHERE e = $1", row["a"])
    """
    assert follow(body).said("go", Ran) == ["many:", "count in a loop:"]


TEXTS = {
    "concatenation": ('"SELECT * FROM a" + where', ["SELECT * FROM a…"]),
    "an f-string": ('f"SELECT * FROM {table} LIMIT 5"', ["SELECT * FROM … LIMIT 5"]),
    "join": (
        '"SELECT * FROM a WHERE " + " AND ".join(["b = ?", "c = ?"])',
        ["SELECT * FROM a WHERE b = ? AND c = ?"],
    ),
    "percent": ('"SELECT * FROM %s" % table', ["SELECT * FROM …"]),
    "format": ('"SELECT * FROM {}".format(table)', ["SELECT * FROM …"]),
}


@pytest.mark.parametrize("case", TEXTS)
def test_assembled_text(case: str) -> None:
    expression, expected = TEXTS[case]
    body = f'sqlite3.connect("x").execute({expression}).fetchall()'
    assert written(follow(body, "from settings import table, where").run("go")) == expected


def test_text_that_grows_in_branches() -> None:
    body = """
    sql = "SELECT * FROM a"
    if some:
        sql += " WHERE b = 1"
    sql += " LIMIT 5"
    sqlite3.connect("x").execute(sql).fetchall()
    """
    assert sorted(written(follow(body).run("go"))) == [
        "SELECT * FROM a LIMIT 5",
        "SELECT * FROM a WHERE b = 1 LIMIT 5",
    ]
