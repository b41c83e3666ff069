import aiosqlite
import asyncpg


class Stock:
    def __init__(self, pool: asyncpg.Pool):
        self.pool = pool

    async def find(self, name: str):
        async with self.pool.acquire() as connection:
            item = await connection.fetchrow("SELECT id, name FROM items WHERE name = $1", name)
        prices = await connection.fetch("SELECT amount FROM prices WHERE item_id = $1", item["id"])  # expect: orm/closed-connection
        return {"name": item["name"], "prices": [price["amount"] for price in prices]}

    async def log(self):
        async with aiosqlite.connect("log.db") as log:
            cursor = await log.execute("SELECT line FROM lines ORDER BY id LIMIT 50")
        return [row[0] for row in await cursor.fetchall()]  # expect: orm/closed-connection
