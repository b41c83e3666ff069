import sqlite3

from flask import Flask

app = Flask(__name__)


@app.get("/both")
def both():
    connection = sqlite3.connect("shop.db")
    plain, named = connection.cursor(), connection.cursor()
    named.row_factory = sqlite3.Row
    named.execute("SELECT id, name FROM items LIMIT 5")
    plain.execute("SELECT id FROM items LIMIT 5")
    names = [row["name"] for row in named]
    return {"items": names, "ids": [row["id"] for row in plain]}  # expect: orm/row-as-mapping
