import sqlite3


def query(text):
    connection = sqlite3.connect("shop.db")
    try:
        return connection.execute(text)
    finally:
        connection.close()


def read(text):
    connection = sqlite3.connect("shop.db")
    cursor = connection.cursor()
    connection.close()
    cursor.execute(text)  # expect: orm/closed-connection
    return cursor.fetchone()[0]  # expect: orm/closed-connection
