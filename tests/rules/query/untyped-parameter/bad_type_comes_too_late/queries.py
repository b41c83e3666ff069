import asyncpg
import psycopg


async def articles(pool: asyncpg.Pool, author=None, since=None):
    await pool.fetch(
        "SELECT id FROM articles "
        "WHERE ($1 IS NULL OR author = $1)",  # expect: query/untyped-parameter
        author,
    )
    await pool.execute(
        "UPDATE articles SET "
        "title = CASE WHEN $1 IS NULL THEN title ELSE $1 END "  # expect: query/untyped-parameter
        "WHERE id = $2",
        author,
        7,
    )
    await pool.fetch(
        "SELECT id, $1 IS NULL AS everything "  # expect: query/untyped-parameter
        "FROM articles WHERE created_at > $1",
        since,
    )
    return await pool.fetch(
        "SELECT id FROM articles "
        "WHERE title ILIKE concat('%', $1, '%')",  # expect: query/untyped-parameter
        author,
    )


def people(connection: psycopg.Connection, city=None):
    return connection.execute(
        "SELECT id FROM people "
        "WHERE (%(city)s IS NULL OR city = %(city)s)",  # expect: query/untyped-parameter
        {"city": city},
    ).fetchall()
