from psycopg import Connection


async def free_berths(conn: Connection) -> list[tuple]:
    async with conn.cursor() as cursor:
        await cursor.execute("SELECT id, length FROM berths WHERE boat_id IS NULL LIMIT 50")
        return await cursor.fetchall()


async def moor(conn: Connection, berth: int, boat: int) -> None:
    await conn.execute("UPDATE berths SET boat_id = %s WHERE id = %s", (boat, berth))
    await conn.commit()
