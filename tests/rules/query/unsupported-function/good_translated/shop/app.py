from flask import Flask, jsonify, request

from shop.service import Books

app = Flask(__name__)


@app.post("/books")
def create():
    return jsonify(Books().create(request.get_json()["title"], request.get_json()["tags"]))


@app.get("/books")
def books():
    return jsonify(Books().by(request.args.get("writer")))
