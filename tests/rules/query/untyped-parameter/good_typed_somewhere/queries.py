import asyncpg
import psycopg


async def articles(pool: asyncpg.Pool, author=None, tag=None):
    await pool.fetch("SELECT id FROM articles WHERE (author = $1 OR $1 IS NULL)", author)
    await pool.fetch("SELECT id FROM articles WHERE ($1::text IS NULL OR author = $1)", author)
    await pool.fetch("SELECT id FROM articles WHERE ($1::text IS NULL OR author = $2)", author, tag)
    await pool.fetch(
        "SELECT a.id FROM articles a JOIN authors b ON b.name = $1 WHERE $1 IS NOT NULL", author
    )
    await pool.fetch("SELECT id FROM articles WHERE author = $1 ORDER BY $1 IS NULL", author)
    await pool.fetch(
        "UPDATE articles SET title = COALESCE($1, title), body = COALESCE($2, body) WHERE id = $3",
        author,
        tag,
        1,
    )
    await pool.fetch("SELECT concat('x', $1::text), CAST($2 AS int) IS NULL", author, tag)
    await pool.fetch("SELECT concat_ws($1, author, title) FROM articles WHERE $2 IS TRUE", ", ", True)
    await pool.fetch("SELECT id FROM articles WHERE title ILIKE '%' || $1 || '%'", tag)
    return await pool.fetch("SELECT jsonb_build_object('n', $1) FROM b JOIN c ON c.n > $1", 4)


def people(connection: psycopg.Connection, city=None):
    return connection.execute(
        "SELECT id FROM people WHERE (city = %(city)s OR %(city)s IS NULL)", {"city": city}
    ).fetchall()
