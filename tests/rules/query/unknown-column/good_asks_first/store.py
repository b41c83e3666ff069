import asyncpg

TABLES = "CREATE TABLE members (id serial PRIMARY KEY, name text)"
NESTED = """
CREATE TABLE votes (id int, revision_id int);
CREATE TABLE revisions (id int, review_id int);
CREATE TABLE reviews (id int, title text);
"""


async def add(connection: asyncpg.Connection, name: str, email: str):
    has_email = await connection.fetchval(
        "SELECT COUNT(*) FROM information_schema.columns "
        "WHERE table_name = 'members' AND column_name = 'email'"
    )
    if has_email:
        await connection.execute("INSERT INTO members (name, email) VALUES ($1, $2)", name, email)
    else:
        await connection.execute("INSERT INTO members (name) VALUES ($1)", name)


async def titles(connection: asyncpg.Connection):
    return await connection.fetch(
        """
        SELECT reviews.title
          FROM ((votes LEFT JOIN revisions ON revisions.id = votes.revision_id)
                LEFT JOIN reviews ON reviews.id = revisions.review_id)
         WHERE reviews.id > 3
        """
    )
