import os
import sqlite3

import oracledb

from shop import warehouse


class Connection(sqlite3.Connection):
    """Takes the placeholders of the other driver."""

    def execute(self, sql, parameters=()):
        return super().execute(sql.replace("%s", "?"), parameters)


class Cursor(sqlite3.Cursor):
    def execute(self, sql, parameters=()):
        return super().execute(sql.replace("%s", "?"), parameters)


class Store:
    def __init__(self, path):
        self.db = sqlite3.connect(path)

    def use(self, name):
        self.db = warehouse.opened(name)

    def rows(self, number):
        return self.db.execute("SELECT id FROM items WHERE id = %s", (number,)).fetchall()


def rebound(number):
    db = sqlite3.connect("shop.db")
    db.execute("SELECT 1 FROM items WHERE id = ?", (number,))
    db = warehouse.opened(os.environ["WAREHOUSE"])
    return db.execute("SELECT id FROM items WHERE id = %s", (number,)).fetchall()


def cursors(number):
    cursor = sqlite3.connect("shop.db").cursor()
    cursor.execute("SELECT 1 FROM items WHERE id = ?", (number,))
    cursor = oracledb.connect(dsn=os.environ["ORACLE"]).cursor()
    cursor.execute("SELECT id FROM items WHERE id = :number", {"id": number})
    return cursor.fetchall()


def by_factory(number):
    db = sqlite3.connect("shop.db", factory=Connection)
    return db.execute("SELECT id FROM items WHERE id = %s", (number,)).fetchall()


def by_cursor(number):
    cursor = sqlite3.connect("shop.db").cursor(Cursor)
    cursor.execute("SELECT id FROM items WHERE id = %s", (number,))
    return cursor.fetchall()
