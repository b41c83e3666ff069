import asyncpg


class Full(Exception):
    """There is no room for another reading."""


class Readings:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, value: int) -> None:
        connection = await self._pool.acquire()  # expect: orm/unclosed-session
        async with connection.transaction():
            if await connection.fetchval("SELECT count(*) FROM readings") > 1000:
                raise Full
            await connection.execute("INSERT INTO readings (value) VALUES ($1)", value)
        await self._pool.release(connection)

    async def one(self, number: int):
        connection = await self._pool.acquire()  # expect: orm/unclosed-session
        row = await connection.fetchrow("SELECT value FROM readings WHERE id = $1", number)
        if row is None:
            return None
        await self._pool.release(connection)
        return row["value"]

    async def change(self, number: int, value: int) -> None:
        connection = await self._pool.acquire()  # expect: orm/unclosed-session
        try:
            await connection.execute(
                "UPDATE readings SET value = $2 WHERE id = $1", number, value
            )
        except asyncpg.CheckViolationError:
            raise Full from None
        await self._pool.release(connection)

    async def remove(self, number: int) -> None:
        connection = await self._pool.acquire()  # expect: orm/unclosed-session
        await connection.execute("DELETE FROM readings WHERE id = $1", number)
        await self._pool.release(connection)
