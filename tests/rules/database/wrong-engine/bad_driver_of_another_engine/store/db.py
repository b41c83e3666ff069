import aiosqlite


class Store:
    async def open(self):
        self.connection = await aiosqlite.connect("store.db")  # expect: database/wrong-engine error

    async def items(self):
        cursor = await self.connection.execute("SELECT id FROM items")
        return await cursor.fetchall()
