import asyncpg


class Books:
    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn

    async def listed(self, author: str | None, limit: int, offset: int):
        conditions, values = [], []
        if author is not None:
            values.append(author)
            conditions.append(f"a.name = ${len(values)}")
        sql = "SELECT b.* FROM books b JOIN authors a ON a.id = b.author_id"
        if conditions:
            sql += " WHERE " + " AND ".join(conditions)
        values += [limit, offset]
        sql += f" ORDER BY b.id LIMIT ${len(values) - 1} OFFSET ${len(values)}"
        rows = await self._conn.fetch(sql, *values)
        return [dict(row) for row in rows]

    async def on_shelf(self, shelf: int):
        rows = await self._conn.fetch("SELECT * FROM books WHERE shelf_id = $1", shelf)
        return [dict(row) for row in rows]
