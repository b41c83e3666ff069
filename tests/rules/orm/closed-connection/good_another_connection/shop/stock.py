import sqlite3

from shop.db import Store

store = Store("shop.db")


def items():
    with sqlite3.connect("shop.db") as connection:
        cursor = connection.execute("SELECT name, price FROM items ORDER BY name LIMIT 20")
    return cursor.fetchall()


def count():
    try:
        return store.read("SELECT count(*) FROM items")[0]
    except sqlite3.OperationalError:
        store.reconnect()
        return store.read("SELECT count(*) FROM items")[0]
