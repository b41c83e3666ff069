import sqlite3

from flask import Flask, g, request

app = Flask(__name__)


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect("shop.db")
    return g.db


@app.teardown_appcontext
def close(error):
    db = g.pop("db", None)
    if db is not None:
        if error is None:
            db.commit()
        db.close()


@app.post("/items")
def created():
    get_db().execute("INSERT INTO items (name) VALUES (?)", (request.form["name"],))
    return "", 204
