from app.db import connect


def users():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM users")
        return cursor.fetchall()
