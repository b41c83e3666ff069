import sqlite3

from flask import Flask, g, request

app = Flask(__name__)
COLUMNS = {"title": "b.title", "shelf": "b.shelf"}


def connection():
    if "db" not in g:
        g.db = sqlite3.connect("shelf.db")
    return g.db


@app.get("/books")
def books():
    filters = {
        "title": request.args.get("title"),
        "author": request.args.get("author"),  # expect: query/filter-ignored
        "shelf": request.args.get("shelf"),
    }
    conditions, values = [], []
    for key, column in COLUMNS.items():
        value = filters.get(key)
        if value:
            conditions.append(f"{column} = ?")
            values.append(value)
    where = "WHERE " + " AND ".join(conditions) if conditions else ""
    rows = connection().execute(f"SELECT b.id FROM books b {where} LIMIT 50", values).fetchall()
    return {"books": [row[0] for row in rows]}
