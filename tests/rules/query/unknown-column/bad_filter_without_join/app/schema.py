"""The tables, created at start."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    author_id INTEGER NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS favorites (
    username TEXT NOT NULL REFERENCES users (username),
    article_id INTEGER NOT NULL REFERENCES articles (id)
);
"""


async def create(connection):
    await connection.executescript(SCHEMA)
