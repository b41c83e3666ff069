import asyncpg


class PostgresCustomers:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def add(self, email: str) -> int:
        return await self.pool.fetchval("INSERT INTO customers (email) VALUES ($1) RETURNING id", email)
