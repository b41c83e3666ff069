import asyncpg

from paging import page_clause

class Books:
    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn

    async def listed(self, author: str | None, limit: int, offset: int):
        sql = "SELECT * FROM books ORDER BY id" + page_clause(limit, offset)
        return [dict(row) for row in await self._conn.fetch(sql)]

    async def on_shelf(self, shelf: int):
        rows = await self._conn.fetch("SELECT * FROM books WHERE shelf_id = $1", shelf)
        return [dict(row) for row in rows]
