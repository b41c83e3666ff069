import asyncpg


class Books:
    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn

    async def read(self, number: int):
        row = await self._conn.fetchrow("SELECT * FROM books WHERE id = $1", number)
        if row is None:
            return None
        row["tags"] = await self._tags(number)  # expect: orm/row-as-mapping
        return dict(row)

    async def _tags(self, number: int) -> list[str]:
        rows = await self._conn.fetch("SELECT tag FROM tags WHERE book_id = $1", number)
        return [row["tag"] for row in rows]
