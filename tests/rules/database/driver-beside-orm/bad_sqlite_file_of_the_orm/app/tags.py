import sqlite3

from app.settings import ROOT


def popular_tags(limit):
    connection = sqlite3.connect(ROOT / "app.db")  # expect: database/driver-beside-orm error
    try:
        rows = connection.execute("SELECT name FROM tags ORDER BY uses DESC LIMIT ?", (limit,))
        return [row[0] for row in rows]
    finally:
        connection.close()
