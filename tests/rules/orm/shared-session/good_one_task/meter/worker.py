import asyncio

import asyncpg

connection = None


async def connect():
    global connection
    connection = await asyncpg.connect("postgresql://localhost/meter")


async def main():
    await connect()
    while True:
        for row in await connection.fetch("SELECT id FROM jobs WHERE state = 'new' LIMIT 10"):
            await connection.execute("UPDATE jobs SET state = 'done' WHERE id = $1", row["id"])
        await asyncio.sleep(5)


if __name__ == "__main__":
    asyncio.run(main())
