import asyncpg
import psycopg


async def articles(pool: asyncpg.Pool, author=None, tag=None):
    await pool.fetch("SELECT id FROM articles WHERE ($1 IS NULL OR author = $1)", author)
    await pool.fetch("SELECT id FROM articles WHERE ($1::text IS NULL OR author = $2)", author, tag)
    await pool.fetch(
        "UPDATE articles SET title = COALESCE($1, title), body = COALESCE($2, body) WHERE id = $3",
        author,
        tag,
        1,
    )
    await pool.fetch("SELECT concat('x', $1::text), CAST($2 AS int) IS NULL", author, tag)
    return await pool.fetch("SELECT jsonb_build_object('n', $1) WHERE $1 > 3", 4)


def people(connection: psycopg.Connection, city=None):
    return connection.execute(
        "SELECT id FROM people WHERE (%(city)s IS NULL OR city = %(city)s)", {"city": city}
    ).fetchall()
