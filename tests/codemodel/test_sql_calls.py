"""SQL text and its values, on each path that leads to the call."""

from __future__ import annotations

import textwrap

from ci_gate.codemodel.sqlcalls import SqlCalls, Variant
from ci_gate.codemodel.sqlvalues import Values
from support.programs import Program

HEAD = "import sqlite3\nimport asyncpg\n\n"


def calls(body: str, **files: str) -> SqlCalls:
    program = Program({"app.py": HEAD + textwrap.dedent(body), **files})
    return SqlCalls(program.model)


def words(variant: Variant) -> str:
    return " ".join(variant.text.render(lambda number: f"{{{number}}}").text.split())


def bound(values: Values) -> str:
    """The values in words: ``2``, ``1+2*ids``, ``a,b``, ``none``, ``unknown``."""
    if values.kind == "positional":
        parts = [str(values.fixed), *(f"{n}*{name}" for name, n in values.repeated.items())]
        return "+".join(parts) + ("…" if values.open else "")
    if values.kind == "named":
        return ",".join(sorted(values.names)) + ("…" if values.open else "")
    return values.kind


def variants(body: str, **files: str) -> list[tuple[str, str]]:
    [call] = calls(body, **files).all
    return [(words(item), bound(item.values)) for item in call.variants]


def test_text_and_values_grow_together() -> None:
    found = variants(
        """
        def find(db: sqlite3.Connection, tag=None, author=None):
            sql, values = "SELECT 1 FROM t WHERE 1=1", []
            if tag:
                sql += " AND tag = ?"
                values.append(tag)
            if author is not None:
                sql = f"{sql} AND author = ?"
                values += [author]
            db.execute(sql, values)
        """
    )
    base = "SELECT 1 FROM t WHERE 1=1"
    assert found == [
        (f"{base} AND tag = ?", "1"),
        (f"{base} AND tag = ? AND author = ?", "2"),
        (base, "0"),
        (f"{base} AND author = ?", "1"),
    ]


def test_the_same_condition_is_asked_once() -> None:
    found = variants(
        """
        def find(db: sqlite3.Connection, tag=None):
            sql = "SELECT 1"
            if tag is not None:
                sql += " WHERE tag = ?"
            values = ()
            if not (tag is None):
                values = (tag,)
            db.execute(sql, values)
        """
    )
    assert found == [("SELECT 1", "0"), ("SELECT 1 WHERE tag = ?", "1")]


def test_numbers_are_counted() -> None:
    found = variants(
        """
        async def find(pool: asyncpg.Pool, tag, limit):
            values, number = [], 1
            where = []
            if tag:
                where.append(f"tag = ${number}")
                values.append(tag)
                number += 1
            clause = " WHERE " + " AND ".join(where) if where else ""
            await pool.fetch(
                f"SELECT 1{clause} LIMIT ${number} OFFSET ${len(values) + 2}", *values, limit, 0
            )
        """
    )
    assert found == [
        ("SELECT 1 WHERE tag = $1 LIMIT $2 OFFSET $3", "3"),
        ("SELECT 1 LIMIT $1 OFFSET $2", "2"),
    ]


def test_a_collection_of_unknown_length_keeps_its_name() -> None:
    body = """
    def find(db: sqlite3.Connection, ids, name):
        marks = {marks}
        db.execute("SELECT 1 FROM t WHERE name = ? AND id IN (" + marks + ")", {values})
    """
    for marks in (
        '",".join("?" * len(ids))', '", ".join(["?"] * len(ids))', '",".join("?" for _ in ids)',
    ):  # fmt: skip
        for values in ("[name, *ids]", "(name,) + tuple(ids)", "[name] + list(ids)"):
            [(_, given)] = variants(body.format(marks=marks, values=values))
            assert given == "1+2*ids"


def test_dictionaries() -> None:
    found = variants(
        """
        def save(db: sqlite3.Connection, record, key):
            values = {"key": key, **record}
            db.execute("UPDATE t SET a = :a WHERE k = :key", values)
        """
    )
    assert found == [("UPDATE t SET a = :a WHERE k = :key", "key…")]


def test_own_functions_are_followed() -> None:
    found = variants(
        """
        class Store:
            COLUMNS = "id, name"

            def __init__(self, db: sqlite3.Connection):
                self.db = db

            def _where(self, filters):
                parts, values = [], []

                def add(part, value):
                    parts.append(part)
                    values.append(value)

                if filters.name:
                    add("name = ?", filters.name)
                return " WHERE " + " AND ".join(parts) if parts else "", values

            def find(self, filters):
                where, values = self._where(filters)
                return self.db.execute(f"SELECT {self.COLUMNS} FROM t{where}", values)
        """
    )
    assert found == [
        ("SELECT id, name FROM t WHERE name = ?", "1"),
        ("SELECT id, name FROM t", "0"),
    ]


def test_wrappers_count_where_they_are_called() -> None:
    found = calls(
        """
        class Database:
            def __init__(self, path):
                self.connection = sqlite3.connect(path)

            def rows(self, sql, *values):
                return self._run(sql, values).fetchall()

            def _run(self, text, values=()):
                return self.connection.execute(text, values)


        class Users:
            def __init__(self, database: Database):
                self.database = database

            def one(self, name):
                return self.database.rows("SELECT 1 FROM users WHERE name = ?", name)
        """
    ).all
    assert [(item.function.name, words(item.variants[0]), bound(item.variants[0].values))
            for item in found] == [("one", "SELECT 1 FROM users WHERE name = ?", "1")]  # fmt: skip


def test_constants_of_other_modules() -> None:
    found = variants(
        """
        from queries import BY_NAME, TEXTS
        import queries

        def one(db: sqlite3.Connection, name):
            db.execute(BY_NAME + queries.ORDER + TEXTS["limit"], (name,))
        """,
        **{
            "queries.py": """
            BASE = "SELECT 1 FROM users"
            BY_NAME = BASE + " WHERE name = ?"
            ORDER = " ORDER BY name"
            TEXTS = {"limit": " LIMIT 1"}
            """
        },
    )
    assert found == [("SELECT 1 FROM users WHERE name = ? ORDER BY name LIMIT 1", "1")]


def test_constants_that_change_are_not_known() -> None:
    found = variants(
        """
        PARTS = ["a = 1"]
        PARTS.append("b = 2")
        SQL = "SELECT 1 "
        SQL += "FROM t"

        def one(db: sqlite3.Connection):
            db.execute("SELECT 1 FROM t WHERE " + " AND ".join(PARTS) + SQL)
        """
    )
    assert found == [("SELECT 1 FROM t WHERE {0} AND {1}{2}", "none")]


def test_lists_that_escape_are_open() -> None:
    found = variants(
        """
        import other

        def find(db: sqlite3.Connection, filters):
            values = []
            other.fill(values, filters)
            db.execute("SELECT 1 WHERE 1 = ?", values)
        """
    )
    assert found == [("SELECT 1 WHERE 1 = ?", "0…")]


def test_a_list_that_was_given_can_grow() -> None:
    found = variants(
        """
        def find(db: sqlite3.Connection, ids, limit):
            marks = ",".join("?" * len(ids))
            ids.append(limit)
            db.execute(f"SELECT 1 WHERE id IN ({marks}) LIMIT ?", ids)
        """
    )
    assert found == [("SELECT 1 WHERE id IN (?,?) LIMIT ?", "1+2*ids")]


def test_formatting() -> None:
    found = variants(
        """
        from textwrap import dedent

        def find(db: sqlite3.Connection, column):
            db.execute(dedent('''
                SELECT {0}, {name} FROM %s
            ''').format("id", name=column) % "t" + " WHERE %(a)s" % {"a": "x = 1"})
        """
    )
    assert found == [("SELECT id, {0} FROM t WHERE x = 1", "none")]


def test_too_many_paths_are_no_answer() -> None:
    tests = "\n".join(
        f"    if a{number}:\n        sql += ' AND a{number} = ?'\n        values.append(a{number})"
        for number in range(9)
    )
    names = ", ".join(f"a{number}" for number in range(9))
    body = (
        f"def find(db: sqlite3.Connection, {names}):\n    sql, values = 'SELECT 1', []\n{tests}\n"
        "    db.execute(sql, values)\n"
    )
    assert calls(body).all == []


def test_sqlalchemy_text_made_elsewhere() -> None:
    found = calls(
        """
        from sqlalchemy import bindparam, text
        from sqlalchemy.orm import Session

        BUSY = text("SELECT 1 FROM t WHERE a = :a AND b = :b").bindparams(b=2)
        UNUSED = text("SELECT 2")

        def busy(session: Session):
            session.execute(BUSY, {"a": 1})
        """
    ).all
    assert [(words(item.variants[0]), bound(item.variants[0].values), item.runs)
            for item in found] == [
        ("SELECT 2", "unknown", False),
        ("SELECT 1 FROM t WHERE a = :a AND b = :b", "a,b", True),
    ]  # fmt: skip


def test_only_driver_of_the_program_is_the_one_of_unknown_connections() -> None:
    [call] = SqlCalls(
        Program(
            {"app.py": "import asyncpg\n\nasync def f(c):\n    await c.fetchrow('SELECT 1')\n"}
        ).model
    ).all
    assert call.driver is not None
    assert call.driver.name == "asyncpg"
    assert call.dialect == "postgres"
