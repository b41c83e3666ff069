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
