import sqlite3


def connect() -> sqlite3.Connection:
    conn = sqlite3.connect("shop.db")
    conn.row_factory = sqlite3.Row
    return conn
