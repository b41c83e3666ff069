import asyncpg
import psycopg

from app.settings import DATABASE_URL


async def listen(callback):
    connection = await asyncpg.connect(DATABASE_URL)
    await connection.add_listener("orders", callback)


def load(rows):
    with psycopg.connect(DATABASE_URL) as connection, connection.cursor() as cursor:
        with cursor.copy("COPY orders (id, total) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def is_ready():
    with psycopg.connect(DATABASE_URL, connect_timeout=2) as connection:
        connection.execute("SELECT 1")


async def prepare_checkpoints():
    """The checkpointer of another library makes its tables in a schema of its own."""
    async with await psycopg.AsyncConnection.connect(DATABASE_URL) as connection:
        await connection.execute("CREATE SCHEMA IF NOT EXISTS checkpoints")
