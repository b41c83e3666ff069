import asyncpg


async def add(text):
    conn = await asyncpg.connect("postgresql://localhost/shop")
    try:
        await conn.execute("INSERT INTO notes (text) VALUES ($1)", text)
    finally:
        await conn.close()


async def add_two(text):
    conn = await asyncpg.connect("postgresql://localhost/shop")
    try:
        async with conn.transaction():
            await conn.execute("INSERT INTO notes (text) VALUES ($1)", text)
            await conn.execute("UPDATE counts SET notes = notes + 1")
    finally:
        await conn.close()
