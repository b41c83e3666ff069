import asyncpg
import psycopg
import sqlite3

import aiosqlite


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


async def with_aiosqlite(path, name):
    async with aiosqlite.connect(path) as db:
        # ruleid: query-parameter-style-sqlite
        await db.execute("SELECT id FROM members WHERE name = %s", (name,))


async def with_asyncpg(db: asyncpg.Connection, name):
    # ruleid: query-parameter-style-asyncpg
    await db.fetch("SELECT id FROM members WHERE name = %s", name)
    # ruleid: query-parameter-style-asyncpg
    await db.execute("INSERT INTO members (name) VALUES (?)", name)
    # ok: query-parameter-style-asyncpg
    await db.fetchrow("SELECT id FROM members WHERE name = $1", name)
    # ok: query-parameter-style-asyncpg
    await db.fetch("SELECT id FROM members WHERE tags ? 'new'")


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
