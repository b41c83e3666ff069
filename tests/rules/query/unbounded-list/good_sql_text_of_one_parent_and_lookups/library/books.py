import asyncpg


class Books:
    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn

    async def listed(self, author: str | None, limit: int, offset: int):
        rows = await self._conn.fetch(
            "SELECT id, title, year FROM books ORDER BY id LIMIT $1 OFFSET $2", limit, offset
        )
        authors = await self._conn.fetch(
            "SELECT * FROM books WHERE id = ANY($1::int[])", [row["id"] for row in rows]
        )
        years = await self._conn.fetch("SELECT year, count(*) FROM books GROUP BY year")
        return {"rows": rows, "authors": authors, "years": years}

    async def on_shelf(self, shelf: int):
        rows = await self._conn.fetch("SELECT * FROM books WHERE shelf_id = $1", shelf)
        return [dict(row) for row in rows]
