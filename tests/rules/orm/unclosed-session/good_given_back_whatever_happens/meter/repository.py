from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg


class Full(Exception):
    """There is no room for another reading."""


class Readings:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, value: int) -> None:
        connection = await self._pool.acquire()
        try:
            if await connection.fetchval("SELECT count(*) FROM readings") > 1000:
                raise Full
            await connection.execute("INSERT INTO readings (value) VALUES ($1)", value)
        finally:
            await self._pool.release(connection)

    async def one(self, number: int):
        async with AsyncExitStack() as stack:
            connection = await self._pool.acquire()
            stack.push_async_callback(self._pool.release, connection)
            return await connection.fetchval("SELECT value FROM readings WHERE id = $1", number)

    async def change(self, number: int, value: int) -> None:
        connection = await self._pool.acquire()
        try:
            await connection.execute(
                "UPDATE readings SET value = $2 WHERE id = $1", number, value
            )
        except BaseException:
            await self._pool.release(connection)
            raise
        await self._pool.release(connection)

    async def remove(self, number: int) -> None:
        async with self._held() as connection:
            await connection.execute("DELETE FROM readings WHERE id = $1", number)

    async def summed(self) -> int:
        connection = await self._take()
        try:
            return await connection.fetchval("SELECT sum(value) FROM readings")
        finally:
            await self._give(connection)

    @asynccontextmanager
    async def _held(self):
        connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            await self._pool.release(connection)

    async def _take(self):
        return await self._pool.acquire()

    async def _give(self, connection) -> None:
        await self._pool.release(connection)
