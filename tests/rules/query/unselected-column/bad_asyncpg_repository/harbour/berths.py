import asyncpg


class Berths:
    def __init__(self, pool: asyncpg.Pool):
        self._pool = pool

    async def find(self, name: str):
        async with self._pool.acquire() as connection:
            return await connection.fetchrow(
                "SELECT b.id, b.name, b.length AS berthLength, h.name AS harbour"
                " FROM berths b JOIN harbours h ON h.id = b.harbour_id WHERE b.name = $1",
                name,
            )

    async def all(self):
        async with self._pool.acquire() as connection:
            rows = await connection.fetch("SELECT id, name FROM berths ORDER BY name")
        return [dict(row) for row in rows]

    async def add(self, name: str):
        async with self._pool.acquire() as connection:
            row = await connection.fetchrow(
                "INSERT INTO berths (name) VALUES ($1) RETURNING id, name", name
            )
        return {"id": row["id"], "name": row["name"], "taken": row["taken"]}  # expect: query/unselected-column
