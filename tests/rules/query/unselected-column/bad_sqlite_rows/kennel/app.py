from flask import Flask, abort, jsonify

from kennel.db import init_db
from kennel.dogs import find_dog, list_dogs

app = Flask(__name__)

with app.app_context():
    init_db()


@app.get("/dogs")
def dogs():
    return jsonify([{"name": row["name"], "breed": row["breed"]} for row in list_dogs()])  # expect: query/unselected-column


@app.get("/dogs/<int:dog_id>")
def dog(dog_id):
    row = find_dog(dog_id)
    if row is None:
        abort(404)
    return jsonify({"name": row["Name"], "breed": row["breed"], "owner": row["owner"]})  # expect: query/unselected-column
