from flask import Flask, jsonify, request

from shop import catalogue
from shop.models import db

app = Flask(__name__)
db.init_app(app)


@app.post("/writers/<name>/books")
def publish(name: str):
    return jsonify(catalogue.publish(name, request.get_json()["titles"]))
