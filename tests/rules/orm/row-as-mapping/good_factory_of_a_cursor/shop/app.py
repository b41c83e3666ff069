import sqlite3

from flask import Flask

app = Flask(__name__)


def _cursor():
    found = sqlite3.connect("shop.db").cursor()
    found.row_factory = sqlite3.Row
    return found


def _named(cursor, row):
    return {column[0]: value for column, value in zip(cursor.description, row)}


@app.get("/items")
def items():
    cursor = sqlite3.connect("shop.db").cursor()
    cursor.row_factory = sqlite3.Row
    rows = cursor.execute("SELECT id, name FROM items LIMIT 5").fetchall()
    return {"items": [row["name"] for row in rows]}


@app.get("/more")
def more():
    cursor = _cursor()
    cursor.execute("SELECT id, name FROM items LIMIT 5")
    return {"items": [row["name"] for row in cursor]}


@app.get("/both")
def both():
    connection = sqlite3.connect("shop.db")
    plain, named = connection.cursor(), connection.cursor()
    named.row_factory = _named
    named.execute("SELECT id, name FROM items LIMIT 5")
    plain.execute("SELECT id FROM items LIMIT 5")
    return {"items": [row["name"] for row in named], "ids": [row[0] for row in plain]}
