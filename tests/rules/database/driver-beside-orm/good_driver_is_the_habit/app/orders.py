from app.db import connect


def orders():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders")
        return cursor.fetchall()
