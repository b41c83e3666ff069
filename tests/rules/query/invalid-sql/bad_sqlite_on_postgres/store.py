import asyncpg


class Notes:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def create(self):
        await self._pool.execute(
            "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT)"  # expect: query/invalid-sql
        )

    async def save(self, key, body):
        await self._pool.execute(
            "INSERT OR REPLACE INTO notes (id, body) VALUES ($1, $2)", key, body  # expect: query/invalid-sql
        )

    async def per_day(self):
        return await self._pool.fetch(
            "SELECT strftime('%Y-%m-%d', created) AS day FROM notes"  # expect: query/invalid-sql
        )

    async def broken(self, key):
        return await self._pool.fetch(
            "SELECT id, body, FROM notes WHERE id = $1", key  # expect: query/invalid-sql
        )

    async def glued(self, key):
        return await self._pool.fetch(
            "SELECT id, body FROM notes"  # expect: query/invalid-sql
            "WHERE id = $1",
            key,
        )
