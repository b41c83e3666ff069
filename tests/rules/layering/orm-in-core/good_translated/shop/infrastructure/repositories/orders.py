import asyncpg


class PostgresOrders:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def add(self, number: str) -> int:
        return await self.pool.fetchval("INSERT INTO orders (number) VALUES ($1) RETURNING id", number)

    async def numbers(self) -> list[str]:
        rows = await self.pool.fetch("SELECT number FROM orders LIMIT 100")
        return [row["number"] for row in rows]
