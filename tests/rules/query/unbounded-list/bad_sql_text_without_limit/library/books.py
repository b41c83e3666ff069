import asyncpg


class Books:
    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn

    async def listed(self, author: str | None, limit: int, offset: int):
        sql, values = "SELECT b.* FROM books b JOIN authors a ON a.id = b.author_id", []
        if author is not None:
            values.append(author)
            sql += f" WHERE a.name = ${len(values)}"
        sql += " ORDER BY b.created_at DESC"
        rows = await self._conn.fetch(sql, *values)  # expect: query/unbounded-list
        return [dict(row) for row in rows][offset : offset + limit]

    async def on_shelf(self, shelf: int):
        rows = await self._conn.fetch("SELECT * FROM books WHERE shelf_id = $1", shelf)
        return [dict(row) for row in rows]
