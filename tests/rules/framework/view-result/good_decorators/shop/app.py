from flask import Flask, jsonify

from shop.guards import registered, signed_in

app = Flask(__name__)


@app.get("/orders")
@signed_in
def orders():
    return jsonify([])


@app.get("/tags")
@registered
def tags():
    return jsonify([])
