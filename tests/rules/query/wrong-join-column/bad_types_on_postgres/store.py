import asyncpg

TABLES = """
CREATE TABLE devices (id uuid PRIMARY KEY, serial text NOT NULL);
CREATE TABLE readings (id bigserial PRIMARY KEY, device text NOT NULL, value numeric);
"""


async def readings(pool: asyncpg.Pool):
    return await pool.fetch(
        "SELECT r.value FROM readings r JOIN devices d ON d.id = r.device"  # expect: query/wrong-join-column
    )
