"""One connection class for two databases; the texts are written for SQLite and translated."""

import re

import aiosqlite
import asyncpg


class Connection:
    def __init__(self, connection, is_pg: bool) -> None:
        self._connection = connection
        self._is_pg = is_pg

    def _translated(self, text: str) -> str:
        number = 0

        def numbered(_match):
            nonlocal number
            number += 1
            return f"${number}"

        return re.sub(r"\?", numbered, text)

    async def rows(self, text: str, values=()):
        if self._is_pg:
            return await self._connection.fetch(self._translated(text), *values)
        async with self._connection.execute(text, values) as cursor:
            return await cursor.fetchall()


async def connect(url: str) -> Connection:
    if url.startswith("postgres"):
        return Connection(await asyncpg.connect(url), True)
    connection = await aiosqlite.connect(url)
    await connection.execute("PRAGMA foreign_keys = ON")
    return Connection(connection, False)
