import sqlite3

from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/customers")
def list_customers():
    with sqlite3.connect("shop.db") as connection:
        return jsonify(connection.execute("SELECT id, name FROM customers").fetchall())
