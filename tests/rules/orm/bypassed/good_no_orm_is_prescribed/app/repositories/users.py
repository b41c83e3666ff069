import asyncpg


class UserRepository:
    def __init__(self, connection: asyncpg.Connection):
        self.connection = connection

    async def by_name(self, name):
        return await self.connection.fetchrow("SELECT id FROM users WHERE name = $1", name)

    async def add(self, name):
        await self.connection.execute("INSERT INTO users (name) VALUES ($1)", name)
