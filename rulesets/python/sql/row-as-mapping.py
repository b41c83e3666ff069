import sqlite3
from contextlib import closing

import aiosqlite
import psycopg
import psycopg2
import psycopg2.extras
from psycopg.rows import dict_row

from shop.database import prepared, with_names


shared = sqlite3.connect("shop.db")


def prepare():
    shared.row_factory = sqlite3.Row


def of_shared(key):
    row = shared.execute("SELECT id, name FROM members WHERE id = ?", (key,)).fetchone()
    # ok: orm-row-as-mapping
    return row["name"]


def name_of(path, key):
    db = sqlite3.connect(path)
    # ruleid: orm-row-as-mapping
    row = db.execute("SELECT id, name FROM members WHERE id = ?", (key,)).fetchone()
    return row["name"]


def names(path):
    with sqlite3.connect(path) as db:
        cursor = db.cursor()
        cursor.execute("SELECT id, name FROM members")
        # ruleid: orm-row-as-mapping-cursor
        return [{"id": row["id"]} for row in cursor.fetchall()]


def joined(path):
    with closing(sqlite3.connect(path)) as db:
        # ruleid: orm-row-as-mapping
        for row in db.execute("SELECT id, name FROM members"):
            print(row.get("name"))


async def first(path):
    async with aiosqlite.connect(path) as db:
        cursor = await db.execute("SELECT id, name FROM members")
        # ruleid: orm-row-as-mapping-cursor
        row = await cursor.fetchone()
        if row is None:
            return None
        return {"id": row["id"], "name": row[1]}


def of_postgres(dsn):
    with psycopg2.connect(dsn) as db, db.cursor() as cursor:
        cursor.execute("SELECT id, name FROM members")
        # ruleid: orm-row-as-mapping-cursor
        for row in cursor:
            print(row["name"])


def by_position(path):
    db = sqlite3.connect(path)
    row = db.execute("SELECT id, name FROM members").fetchone()
    # ok: orm-row-as-mapping
    return {"id": row[0], "name": row[-1]}


def with_factory(path):
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    row = db.execute("SELECT id, name FROM members").fetchone()
    # ok: orm-row-as-mapping
    return row["name"], dict(row).get("name"), row.keys()


def with_cursor_factory(path):
    db = sqlite3.connect(path)
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    row = cursor.execute("SELECT id, name FROM members").fetchone()
    # ok: orm-row-as-mapping-cursor
    return row["name"]


def with_factory_elsewhere(path):
    db = sqlite3.connect(path)
    with_names(db)
    row = db.execute("SELECT id, name FROM members").fetchone()
    # ok: orm-row-as-mapping
    return row["name"]


def made_elsewhere(path):
    db = prepared(sqlite3.connect(path))
    # ok: orm-row-as-mapping
    return db.execute("SELECT id, name FROM members").fetchone()["name"]


def with_connection_class(path):
    db = sqlite3.connect(path, factory=prepared)
    row = db.execute("SELECT id, name FROM members").fetchone()
    # ok: orm-row-as-mapping
    return row["name"]


def into_dicts(path):
    db = sqlite3.connect(path)
    cursor = db.execute("SELECT id, name FROM members")
    columns = [column[0] for column in cursor.description]
    row = cursor.fetchone()
    row = dict(zip(columns, row, strict=True))
    # ok: orm-row-as-mapping-cursor
    first = row["name"]
    rows = [dict(zip(columns, one, strict=True)) for one in cursor.fetchall()]
    # ok: orm-row-as-mapping
    return first, [row["name"] for row in rows]


def of_postgres_right(dsn):
    with psycopg.connect(dsn, row_factory=dict_row) as db:
        row = db.execute("SELECT id, name FROM members").fetchone()
        # ok: orm-row-as-mapping
        print(row["name"])
    db = psycopg2.connect(dsn, cursor_factory=psycopg2.extras.RealDictCursor)
    cursor = db.cursor()
    cursor.execute("SELECT id, name FROM members")
    row = cursor.fetchone()
    # ok: orm-row-as-mapping
    return row["name"]


def of_postgres_cursor(dsn):
    db = psycopg2.connect(dsn)
    cursor = db.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
    cursor.execute("SELECT id, name FROM members")
    for row in cursor.fetchall():
        # ok: orm-row-as-mapping-cursor
        print(row["name"])
    with psycopg.connect(dsn) as other, other.cursor(row_factory=dict_row) as rows:
        for row in rows.execute("SELECT id, name FROM members"):
            # ok: orm-row-as-mapping-cursor
            print(row["name"])


def with_json(path):
    db = sqlite3.connect(path)
    rows = db.execute("SELECT id, data FROM members").fetchall()
    data = [with_names(row) for row in rows]
    for row in data:
        # ok: orm-row-as-mapping
        print(row["name"])
    # ok: orm-row-as-mapping
    return {row[0]: row[1] for row in rows}["first"]


def name_or_none(path):
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    # ruleid: orm-row-without-get
    row = db.execute("SELECT id, name FROM members").fetchone()
    return row.get("name")


def marked(path):
    with sqlite3.connect(path) as db:
        db.row_factory = sqlite3.Row
        rows = []
        # ruleid: orm-row-without-get
        for row in db.execute("SELECT id, name FROM members").fetchall():
            row["seen"] = True
            rows.append(row)
        return rows


def as_dicts(path):
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    rows = [dict(row) for row in db.execute("SELECT id, name FROM members")]
    for row in rows:
        # ok: orm-row-without-get
        row["seen"] = row.get("name") is not None
    row = db.execute("SELECT id, name FROM members").fetchone()
    row = dict(row)
    # ok: orm-row-without-get
    row["seen"] = True
    # ok: orm-row-without-get
    return rows, row.get("name")


def own_factory(path):
    db = sqlite3.connect(path)
    db.row_factory = prepared
    row = db.execute("SELECT id, name FROM members").fetchone()
    # ok: orm-row-without-get
    return row.get("name"), row["name"]


def name_by_cursor(path):
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        cursor = db.cursor()
        cursor.execute("SELECT id, name FROM members")
        # ruleid: orm-row-without-get-cursor
        row = cursor.fetchone()
        return row.get("name")


async def marked_later(path):
    async with aiosqlite.connect(path) as db:
        db.row_factory = aiosqlite.Row
        async with db.execute("SELECT id, name FROM members") as cursor:
            # ruleid: orm-row-without-get-cursor
            async for row in cursor:
                row["seen"] = True


def by_cursor_right(path):
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    cursor = db.execute("SELECT id, name FROM members")
    rows = [dict(row) for row in cursor]
    row = db.execute("SELECT id, name FROM members").fetchone()
    # ok: orm-row-without-get-cursor
    print(row["name"], row.keys())
    row = dict(cursor.fetchone())
    # ok: orm-row-without-get-cursor
    row["seen"] = True
    # ok: orm-row-without-get-cursor
    return [row.get("name") for row in rows]
