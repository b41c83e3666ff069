import sqlite3
from contextlib import closing
from sqlite3 import connect

import aiosqlite
import asyncpg
import psycopg
import psycopg2

from shop.database import TranslatingConnection, quoted

STATEMENT = "SELECT id FROM members WHERE name = %s"


def with_sqlite(path, name):
    db = sqlite3.connect(path)
    # ruleid: query-parameter-style-sqlite
    db.execute("SELECT id FROM members WHERE name = %s", (name,))
    cursor = db.cursor()
    # ruleid: query-parameter-style-sqlite
    cursor.execute("INSERT INTO members (name) VALUES (%s)", (name,))
    # ok: query-parameter-style-sqlite
    cursor.execute("SELECT id FROM members WHERE name = ?", (name,))
    # ok: query-parameter-style-sqlite
    cursor.execute("SELECT strftime('%s', joined) FROM members")
    # ok: query-parameter-style-sqlite
    cursor.execute("SELECT id FROM members WHERE strftime(%s) = 1" % "'now'")
    # ok: query-parameter-style-sqlite
    cursor.execute("SELECT id FROM members WHERE a IN (%s)" % ",".join("?" * 3), (1, 2, 3))
    # ok: query-parameter-style-sqlite
    cursor.execute("UPDATE members SET name = ? WHERE format = '=%s'", (name,))
    # ok: query-parameter-style-sqlite
    cursor.execute("INSERT INTO members (format) VALUES ('%s, %s')")
    # ok: query-parameter-style-sqlite
    cursor.execute("SELECT printf('%s (%s)', name, id) FROM members")
    # ok: query-parameter-style-sqlite
    cursor.execute("SELECT id FROM members WHERE name = :name", {"name": name})


def closed(path, name):
    with closing(sqlite3.connect(path)) as db, closing(db.cursor()) as cursor:
        # ruleid: query-parameter-style-sqlite
        cursor.execute("SELECT id FROM members WHERE name LIKE %s LIMIT %s", (name, 2))
        # ok: query-parameter-style-sqlite
        cursor.execute("SELECT id FROM members WHERE name LIKE ? AND 7 %size = 1", (name,))


def marks(path, names):
    with sqlite3.connect(path) as db:
        sql = "SELECT id FROM members WHERE name IN (%s)" % ",".join("?" for _ in names)
        # ok: query-parameter-style-sqlite
        db.execute(sql, names)
        # ok: query-parameter-style-sqlite
        db.execute("SELECT id FROM members WHERE a = %s" % 1)
        table = "SELECT id FROM %s"
        # ok: query-parameter-style-sqlite
        db.execute(table % "members")


def two_databases(path, dsn, name):
    db = sqlite3.connect(path)
    # ok: query-parameter-style-sqlite
    db.execute("SELECT 1")
    db.close()
    db = psycopg2.connect(dsn)
    cursor = db.cursor()
    # ok: query-parameter-style-sqlite
    cursor.execute("SELECT id FROM members WHERE name = %s", (name,))


def either(path, dsn, name):
    if path:
        db = sqlite3.connect(path)
    else:
        db = psycopg2.connect(dsn)
    mark = "?" if path else "%s"
    cursor = db.cursor()
    # ok: query-parameter-style-sqlite
    cursor.execute(f"SELECT id FROM members WHERE name = {mark}", (name,))


def own_cursor(path, name):
    db = connect(path, factory=TranslatingConnection)
    # ok: query-parameter-style-sqlite
    db.execute("SELECT id FROM members WHERE name = %s", (name,))


def copy(path, dsn, name):
    source = sqlite3.connect(path)
    target = psycopg2.connect(dsn)
    cursor = target.cursor()
    # ok: query-parameter-style-sqlite
    cursor.execute("SELECT id FROM members WHERE name = %s", (name,))
    cursor = source.cursor()
    # ok: query-parameter-style-psycopg
    cursor.execute("SELECT id FROM members WHERE name = ?", (name,))


async def with_aiosqlite(path, name):
    async with aiosqlite.connect(path) as db:
        # ruleid: query-parameter-style-sqlite
        await db.execute("SELECT id FROM members WHERE name = %s", (name,))
        # ok: query-parameter-style-sqlite
        await db.execute("SELECT id FROM members WHERE name = ?", (name,))


async def with_asyncpg(db: asyncpg.Connection, name):
    # ruleid: query-parameter-style-asyncpg
    await db.fetch("SELECT id FROM members WHERE name = %s", name)
    # ruleid: query-parameter-style-asyncpg
    await db.execute("INSERT INTO members (name) VALUES (?)", name)
    # ok: query-parameter-style-asyncpg
    await db.fetchrow("SELECT id FROM members WHERE name = $1", name)
    # ok: query-parameter-style-asyncpg
    await db.fetch("SELECT id FROM members WHERE tags ? 'new'")
    # ok: query-parameter-style-asyncpg
    await db.fetch("SELECT id FROM members WHERE tags ?| $1", [name])
    # ok: query-parameter-style-asyncpg
    await db.fetch("SELECT format('%s, %s', name, id) FROM members")
    # ok: query-parameter-style-asyncpg
    await db.fetch("SELECT id FROM members WHERE name ~ '^(a|b)=?$'")
    # ok: query-parameter-style-asyncpg
    await db.fetch("SELECT id FROM members WHERE (data) ? $1", name)
    # ok: query-parameter-style-asyncpg
    await db.execute("SELECT id FROM members WHERE name = %s" % quoted(name))
    # ok: query-parameter-style-asyncpg
    await db.execute("-- who = ?\nSELECT 1")


async def with_pool(pool: asyncpg.Pool, name):
    async with pool.acquire() as db:
        # ruleid: query-parameter-style-asyncpg
        await db.fetchval("SELECT id FROM members WHERE name = ?", name)
        # ok: query-parameter-style-asyncpg
        await db.fetchval("SELECT id FROM members WHERE name = $1", name)


async def with_async_psycopg(dsn, name):
    async with await psycopg.AsyncConnection.connect(dsn) as db:
        async with db.cursor() as cursor:
            # ruleid: query-parameter-style-psycopg
            await cursor.execute("SELECT id FROM members WHERE name = ?", (name,))


def with_psycopg(dsn, name):
    with psycopg.connect(dsn) as db:
        # ruleid: query-parameter-style-psycopg
        db.execute("SELECT id FROM members WHERE name = ?", (name,))
        with db.cursor() as cursor:
            # ruleid: query-parameter-style-psycopg
            cursor.execute("INSERT INTO members (name) VALUES (?)", (name,))
            # ok: query-parameter-style-psycopg
            cursor.execute("SELECT id FROM members WHERE name = %s", (name,))
            # ok: query-parameter-style-psycopg
            cursor.execute("SELECT id FROM members WHERE tags ? 'new'")
            # ok: query-parameter-style-psycopg
            cursor.execute("SELECT id FROM members WHERE url LIKE '%=?' AND id = %s", (1,))
            # ok: query-parameter-style-psycopg
            cursor.execute("SELECT id FROM members WHERE name ~ ',?$'")
            # ok: query-parameter-style-psycopg
            cursor.execute("SELECT id FROM members WHERE (data -> 'a') ? %s", (name,))
            # ok: query-parameter-style-psycopg
            cursor.execute("SELECT id FROM members WHERE data @? '$.a ? (@ = ?)'")


def then_sqlite(dsn, path):
    db = psycopg2.connect(dsn)
    db.close()
    db = sqlite3.connect(path)
    # ok: query-parameter-style-psycopg
    db.execute("SELECT id FROM members WHERE name = ?", ("a",))
