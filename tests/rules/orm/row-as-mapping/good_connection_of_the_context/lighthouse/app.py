from flask import Flask, jsonify

from lighthouse.db import Database

app = Flask(__name__)
database = Database("postgresql://localhost/lights")


@app.get("/lights/<int:light_id>")
def light(light_id: int):
    row = database.one("SELECT id, range_nm FROM lights WHERE id = %s", (light_id,))
    if row is None:
        return jsonify(error="not found"), 404
    return jsonify(id=row["id"], range=row["range_nm"])
