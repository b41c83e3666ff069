import sqlite3


def create(connection: sqlite3.Connection) -> None:
    connection.executescript(
        """
        CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE IF NOT EXISTS article_tags (article_id INTEGER, tag TEXT);
        CREATE TABLE IF NOT EXISTS articles (id INTEGER PRIMARY KEY, title TEXT);
        """
    )
