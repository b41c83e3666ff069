from shop.db import get_db


def _to_item(row):
    return {"id": row["id"], "name": row["name"]}  # expect: orm/row-as-mapping


def read(number):
    row = get_db().execute("SELECT id, name FROM items WHERE id = ?", (number,)).fetchone()
    return _to_item(row) if row else None


def listed():
    return [dict(row) for row in get_db().execute("SELECT id, name FROM items LIMIT 50")]
