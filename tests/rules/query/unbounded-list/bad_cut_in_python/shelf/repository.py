import asyncpg

_BOOKS = "SELECT b.id, b.title, b.author_id, b.added FROM books b"


class Books:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_shelf(self, shelf: int, limit: int, offset: int):
        rows = await self._pool.fetch(  # expect: query/unbounded-list
            f"{_BOOKS} WHERE b.shelf_id = $1 ORDER BY b.added DESC", shelf
        )
        return [dict(row) for row in rows][offset : offset + limit]

    async def following(self, reader: int, limit: int, offset: int):
        rows = await self._pool.fetch(  # expect: query/unbounded-list
            f"{_BOOKS} JOIN follows f ON f.author_id = b.author_id WHERE f.reader_id = $1", reader
        )
        return [dict(row) for row in rows[offset : offset + limit]]
