import sqlite3


def titles(connection: sqlite3.Connection, tag: str):
    return connection.execute(
        "SELECT a.title FROM articles a "
        "JOIN articles_tags link ON link.article_id = a.id "  # expect: query/unknown-table
        "WHERE link.tag = ?",
        (tag,),
    ).fetchall()


def follow(connection: sqlite3.Connection, follower: int, followed: int) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO follows (follower_id, followed_id) VALUES (?, ?)",  # expect: query/unknown-table
        (follower, followed),
    )


def names(connection: sqlite3.Connection):
    return connection.execute("SELECT name FROM users").fetchall()
