import sqlite3
from contextlib import closing


def query(text):
    connection = sqlite3.connect("shop.db")
    try:
        return connection.execute(text).fetchall()
    finally:
        connection.close()


def read(text):
    with closing(sqlite3.connect("shop.db")) as connection:
        cursor = connection.cursor()
        cursor.execute(text)
        return cursor.fetchone()
