import asyncpg


class Books:
    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn

    async def listed(self, author: str | None, limit: int, offset: int):
        sql = "SELECT * FROM books WHERE ($1::text IS NULL OR author = $1) LIMIT $2 OFFSET $3"
        rows = await self._conn.fetch(sql, author, limit, offset)
        return [dict(row) for row in rows]

    async def on_shelf(self, shelf: int):
        rows = await self._conn.fetch(  # expect: query/unbounded-list
            "SELECT * FROM books WHERE year > $1", shelf
        )
        return [dict(row) for row in rows]
