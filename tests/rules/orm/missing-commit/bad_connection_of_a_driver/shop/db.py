import sqlite3
from contextlib import contextmanager


@contextmanager
def connection():
    conn = sqlite3.connect("shop.db")
    try:
        yield conn
    finally:
        conn.close()
