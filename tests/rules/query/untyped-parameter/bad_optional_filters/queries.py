import asyncpg
import psycopg


async def articles(pool: asyncpg.Pool, author=None, tag=None):
    return await pool.fetch(
        "SELECT id FROM articles "
        "WHERE ($1 IS NULL OR author = $2)",  # expect: query/untyped-parameter
        author,
        author,
    )


async def label(pool: asyncpg.Pool, name: str):
    return await pool.fetchval(
        "SELECT jsonb_build_object('name', $1)", name  # expect: query/untyped-parameter
    )


def people(connection: psycopg.Connection, city=None):
    return connection.execute(
        "SELECT id FROM people WHERE (%s IS NULL OR city = %s)",  # expect: query/untyped-parameter
        (city, city),
    ).fetchall()
