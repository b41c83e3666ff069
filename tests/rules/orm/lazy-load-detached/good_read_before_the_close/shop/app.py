from flask import Flask, jsonify, request

from shop import catalogue
from shop.models import db

app = Flask(__name__)
db.init_app(app)


@app.put("/writers/<int:writer_id>")
def rename(writer_id: int):
    return jsonify(catalogue.rename(writer_id, request.get_json()["name"]))
