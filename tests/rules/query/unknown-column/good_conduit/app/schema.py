import sqlite3

TABLES = [
    """
    CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY,
        username TEXT NOT NULL UNIQUE,
        email TEXT NOT NULL UNIQUE
    )
    """,
    "CREATE TABLE IF NOT EXISTS articles (id INTEGER PRIMARY KEY, slug TEXT, title TEXT,"
    " author_id INTEGER REFERENCES users, created_at TEXT)",
    "CREATE TABLE IF NOT EXISTS tags (article_id INTEGER, name TEXT)",
    "CREATE TABLE IF NOT EXISTS favorites (user_id INTEGER, article_id INTEGER)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(title, body)",
]


def create(connection: sqlite3.Connection) -> None:
    for statement in TABLES:
        connection.execute(statement)
    columns = {row[1] for row in connection.execute("PRAGMA table_info(articles)")}
    if "body" not in columns:
        connection.execute("ALTER TABLE articles ADD COLUMN body TEXT DEFAULT ''")
    connection.execute(
        "CREATE VIEW IF NOT EXISTS authors AS SELECT u.id, u.username AS name FROM users u"
    )
