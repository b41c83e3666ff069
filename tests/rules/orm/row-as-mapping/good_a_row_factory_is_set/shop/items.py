from shop.db import get_db


def read(number):
    row = get_db().execute("SELECT * FROM items WHERE id = ?", (number,)).fetchone()
    row["number"] = number
    return row


def listed():
    return [{"name": row["name"]} for row in get_db().execute("SELECT * FROM items LIMIT 9")]
