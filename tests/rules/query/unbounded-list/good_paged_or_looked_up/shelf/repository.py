import asyncpg

_BOOKS = "SELECT b.id, b.title, b.author_id, b.added FROM books b"


class Books:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_shelf(self, shelf: int, limit: int, offset: int):
        ids = await self._pool.fetch(
            "SELECT id FROM books WHERE shelf_id = $1 LIMIT $2 OFFSET $3", shelf, limit, offset
        )
        rows = await self._pool.fetch(
            f"{_BOOKS} WHERE b.id = ANY($1::bigint[])", [row["id"] for row in ids]
        )
        return [dict(row) for row in rows]

    async def by_number(self, numbers, limit: int, offset: int):
        rows = await self._pool.fetch(f"{_BOOKS} WHERE b.id = ANY($1::bigint[])", numbers)
        return [dict(row) for row in rows][offset : offset + limit]

    async def chapters(self, book: int):
        rows = await self._pool.fetch(
            "SELECT c.id, c.title, c.number FROM chapters c WHERE c.book_id = $1", book
        )
        return [dict(row) for row in rows]
