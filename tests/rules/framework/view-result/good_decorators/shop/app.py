from flask import Flask, jsonify

from shop.guards import registered, seen_by, signed_in

app = Flask(__name__)


@app.get("/orders")
@signed_in
def orders():
    return jsonify([])


@app.get("/notes")
@seen_by
def notes():
    return jsonify([])


@app.get("/tags")
@registered
def tags():
    return jsonify([])
