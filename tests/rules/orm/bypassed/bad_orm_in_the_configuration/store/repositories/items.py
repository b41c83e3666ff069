import aiosqlite


class ItemRepository:
    def __init__(self, connection: aiosqlite.Connection):
        self.connection = connection

    async def cheap(self, price):
        cursor = await self.connection.execute(  # expect: orm/bypassed error
            "SELECT id FROM items WHERE price < ?", (price,)
        )
        return await cursor.fetchall()
