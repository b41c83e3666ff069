from flask import Flask, jsonify

from store import store

app = Flask(__name__)


def bottles_of(cellar_id):
    return store.rows("SELECT label FROM bottles WHERE cellar_id = %s", (cellar_id,))


@app.get("/cellars")
def cellars():
    rows = store.rows("SELECT id, name FROM cellars ORDER BY name LIMIT 50")
    return jsonify([{"name": row["name"], "bottles": bottles_of(row["id"])} for row in rows])  # expect: query/n-plus-one
