import asyncio

import aiosqlite
import asyncpg

from shop.pools import Pool


async def store(path, name):
    async with aiosqlite.connect(path) as db:
        # ruleid: orm-missing-await-driver
        db.execute("INSERT INTO members (name) VALUES (?)", (name,))
        # ruleid: orm-missing-await-driver
        db.commit()


async def first(path):
    db = await aiosqlite.connect(path)
    # ruleid: orm-missing-await-driver
    cursor = db.execute("SELECT name FROM members")
    row = cursor.fetchone()
    return row


async def renamed(connection: asyncpg.Connection, name: str):
    # ruleid: orm-missing-await-driver
    connection.execute("UPDATE members SET name = $1", name)


async def names(pool: asyncpg.Pool):
    async with pool.acquire() as connection:
        # ruleid: orm-missing-await-driver
        return [row["name"] for row in connection.fetch("SELECT name FROM members")]


async def name_of(pool: asyncpg.Pool, key: int):
    # ruleid: orm-missing-await-driver
    return pool.fetchrow("SELECT name FROM members WHERE id = $1", key)["name"]


async def right(path, name):
    async with aiosqlite.connect(path) as db:
        # ok: orm-missing-await-driver
        await db.execute("INSERT INTO members (name) VALUES (?)", (name,))
        # ok: orm-missing-await-driver
        async with db.execute("SELECT name FROM members") as cursor:
            rows = [row async for row in cursor]
        # ok: orm-missing-await-driver
        await db.commit()
        # ok: orm-missing-await-driver
        cursor = await db.execute("SELECT name FROM members")
        await cursor.close()
        # ok: orm-missing-await-driver
        db.row_factory = aiosqlite.Row
        return rows


async def entered_later(path):
    async with aiosqlite.connect(path) as db:
        # ok: orm-missing-await-driver
        query = db.execute("SELECT name FROM members")
        async with query as cursor:
            return await cursor.fetchall()


async def together(pool: asyncpg.Pool, key: int):
    # ok: orm-missing-await-driver
    first, second = await asyncio.gather(pool.fetch("SELECT 1"), pool.fetch("SELECT 2"))
    # ok: orm-missing-await-driver
    pending = pool.fetchrow("SELECT name FROM members WHERE id = $1", key)
    row = await pending
    # ok: orm-missing-await-driver
    return first, second, row["name"], pool.get_size()


def handed_on(pool: asyncpg.Pool, key: int):
    # ok: orm-missing-await-driver
    return pool.fetchrow("SELECT name FROM members WHERE id = $1", key)


async def spread(connection: asyncpg.Connection):
    # ok: orm-missing-await-driver
    async with connection.transaction():
        # ok: orm-missing-await-driver
        async for row in connection.cursor("SELECT name FROM members"):
            yield row
    # ok: orm-missing-await-driver
    connection.add_listener("members", print)
    # ok: orm-missing-await-driver
    connection.terminate()


async def of_another(pool: Pool):
    # ok: orm-missing-await-driver
    pool.execute("SELECT 1")
    # ok: orm-missing-await-driver
    return pool.fetchrow("SELECT 1")["name"]
