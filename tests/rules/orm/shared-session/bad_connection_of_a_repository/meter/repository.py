import asyncpg


class Readings:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def one(self, number: int):
        return await self._pool.fetchrow("SELECT value FROM readings WHERE id = $1", number)


class Tokens:
    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def owner(self, token: str):
        return await self._connection.fetchval("SELECT owner FROM tokens WHERE token = $1", token)
