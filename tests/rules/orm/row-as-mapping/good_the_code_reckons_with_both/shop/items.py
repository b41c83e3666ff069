import psycopg2.extras

from shop.db import get_db


def name_of(row):
    try:
        return row["name"]
    except TypeError:
        return row[0]


def note_of(row):
    return row["note"] if isinstance(row, dict) else row[1]


def read(number):
    with get_db().cursor() as cur:
        cur.execute("SELECT name, note FROM items WHERE id = %s", (number,))
        row = cur.fetchone()
    return {"name": name_of(row), "note": note_of(row)}


def listed():
    with get_db().cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cur:
        cur.execute("SELECT name, note FROM items LIMIT 10")
        return [row["name"] for row in cur.fetchall()]
