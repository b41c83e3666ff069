from contextlib import closing

from shop.db import connect


def read(number):
    with closing(connect()) as conn:
        row = conn.execute("SELECT * FROM items WHERE id = ?", (number,)).fetchone()
    return {"name": row["name"], "note": row.get("note")}  # expect: orm/row-as-mapping


def listed():
    with closing(connect()) as conn:
        return [dict(row) for row in conn.execute("SELECT * FROM items LIMIT 50")]
