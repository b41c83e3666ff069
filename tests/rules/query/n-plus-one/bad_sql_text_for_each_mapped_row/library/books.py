from dataclasses import dataclass

import asyncpg


@dataclass
class Book:
    id: int
    title: str


def to_book(row: asyncpg.Record) -> Book:
    return Book(id=row["id"], title=row["title"])


class Books:
    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn

    async def listed(self, limit: int) -> list[Book]:
        rows = await self._conn.fetch("SELECT id, title FROM books LIMIT $1", limit)
        return [to_book(row) for row in rows]

    async def tags(self, number: int) -> list[str]:
        rows = await self._conn.fetch("SELECT tag FROM tags WHERE book_id = $1", number)
        return [row["tag"] for row in rows]

    async def tags_of(self, numbers: list[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        sql = "SELECT book_id, tag FROM tags WHERE book_id = ANY($1::int[])"
        for row in await self._conn.fetch(sql, numbers):
            found.setdefault(row["book_id"], []).append(row["tag"])
        return found
