class Parts:
    def __init__(self, pool) -> None:
        self._pool = pool

    async def search(self, q: str, sort: str | None):
        sql = "SELECT * FROM parts"
        if q:
            sql += f" WHERE name ILIKE '%{q}%'"
        rows = await self._pool.fetch(sql + " LIMIT 50")  # expect: query/injection
        return [dict(row) for row in rows]

    async def change(self, number: int, data: dict) -> None:
        names = ", ".join(f"{name} = ${index}" for index, name in enumerate(data, 2))
        sql = f"UPDATE parts SET {names} WHERE id = $1"
        await self._pool.execute(sql, number, *data.values())  # expect: query/injection
