import sqlite3
from contextlib import contextmanager


@contextmanager
def unit():
    conn = sqlite3.connect("shop.db")
    try:
        yield conn
        conn.commit()
    except Exception:
        conn.rollback()
        raise
    finally:
        conn.close()


def add(name):
    with unit() as conn:
        conn.execute("INSERT INTO items (name) VALUES (?)", (name,))


def add_quickly(name):
    conn = sqlite3.connect("shop.db", isolation_level=None)
    conn.execute("INSERT INTO items (name) VALUES (?)", (name,))
    conn.close()


def add_in_block(name):
    with sqlite3.connect("shop.db") as conn:
        conn.execute("INSERT INTO items (name) VALUES (?)", (name,))


def listed():
    with unit() as conn:
        return conn.execute("SELECT name FROM items LIMIT 50").fetchall()
