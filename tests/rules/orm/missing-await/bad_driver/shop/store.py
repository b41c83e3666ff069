import asyncio

import aiosqlite
import asyncpg

from shop.pools import Pool


async def store(path, name):
    async with aiosqlite.connect(path) as db:
        db.execute("INSERT INTO members (name) VALUES (?)", (name,))  # expect: orm/missing-await
        db.commit()  # expect: orm/missing-await


async def first(path):
    db = await aiosqlite.connect(path)
    cursor = db.execute("SELECT name FROM members")  # expect: orm/missing-await
    row = cursor.fetchone()
    return row


async def renamed(connection: asyncpg.Connection, name: str):
    connection.execute("UPDATE members SET name = $1", name)  # expect: orm/missing-await


async def names(pool: asyncpg.Pool):
    async with pool.acquire() as connection:
        return [row["name"] for row in connection.fetch("SELECT name FROM members")]  # expect: orm/missing-await


async def name_of(pool: asyncpg.Pool, key: int):
    return pool.fetchrow("SELECT name FROM members WHERE id = $1", key)["name"]  # expect: orm/missing-await


async def right(path, name):
    async with aiosqlite.connect(path) as db:
        await db.execute("INSERT INTO members (name) VALUES (?)", (name,))
        async with db.execute("SELECT name FROM members") as cursor:
            rows = [row async for row in cursor]
        await db.commit()
        cursor = await db.execute("SELECT name FROM members")
        await cursor.close()
        db.row_factory = aiosqlite.Row
        return rows


async def entered_later(path):
    async with aiosqlite.connect(path) as db:
        query = db.execute("SELECT name FROM members")
        async with query as cursor:
            return await cursor.fetchall()


async def together(pool: asyncpg.Pool, key: int):
    first, second = await asyncio.gather(pool.fetch("SELECT 1"), pool.fetch("SELECT 2"))
    pending = pool.fetchrow("SELECT name FROM members WHERE id = $1", key)
    row = await pending
    return first, second, row["name"], pool.get_size()


def handed_on(pool: asyncpg.Pool, key: int):
    return pool.fetchrow("SELECT name FROM members WHERE id = $1", key)


async def spread(connection: asyncpg.Connection):
    async with connection.transaction():
        async for row in connection.cursor("SELECT name FROM members"):
            yield row
    connection.add_listener("members", print)
    connection.terminate()


async def of_another(pool: Pool):
    pool.execute("SELECT 1")
    return pool.fetchrow("SELECT 1")["name"]
