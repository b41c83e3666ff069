import sqlite3

from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/api/cars")
def cars():
    connection = sqlite3.connect("garage.db")
    rows = connection.execute("SELECT id FROM cars LIMIT 20").fetchall()
    connection.close()
    return jsonify(rows)


@app.get("/api/wheels")
def wheels():
    return jsonify({"wheels": [], "total": 0}), 200  # expect: query/static-result error


@app.get("/api/keys")
def keys():
    return jsonify([])
