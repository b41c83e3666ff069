from dataclasses import dataclass

import asyncpg


@dataclass
class Book:
    id: int
    title: str


def to_book(row: asyncpg.Record) -> Book:
    return Book(id=row.id, title=row.title)  # expect: orm/row-as-mapping


class Books:
    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn

    async def read(self, number: int):
        row = await self._conn.fetchrow("SELECT * FROM books WHERE id = $1", number)
        return to_book(row) if row is not None else None
