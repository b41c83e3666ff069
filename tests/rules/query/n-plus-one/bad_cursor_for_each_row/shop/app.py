from flask import Flask, jsonify

from shop import orders

app = Flask(__name__)


@app.get("/orders")
def listed():
    return jsonify(orders.with_lines())


@app.get("/columns")
def columns():
    return jsonify(orders.columns())
