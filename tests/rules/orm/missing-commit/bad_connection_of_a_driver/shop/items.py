from shop.db import connection


def add(name):
    with connection() as conn:
        cur = conn.execute(  # expect: orm/missing-commit
            "INSERT INTO items (name) VALUES (?)", (name,)
        )
        return cur.lastrowid


def remove(number):
    with connection() as conn:
        conn.execute("DELETE FROM items WHERE id = ?", (number,))
        conn.commit()
