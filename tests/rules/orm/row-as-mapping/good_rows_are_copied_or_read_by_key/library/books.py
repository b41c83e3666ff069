import asyncpg


class Books:
    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn

    async def read(self, number: int):
        row = await self._conn.fetchrow("SELECT * FROM books WHERE id = $1", number)
        if row is None:
            return None
        book = dict(row)
        book["tags"] = []
        book["title"] = row["title"] or row.get("subtitle")
        return {**row, **book}
