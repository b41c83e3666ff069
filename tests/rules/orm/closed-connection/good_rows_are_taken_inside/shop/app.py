from flask import Flask, jsonify

from shop import stock

app = Flask(__name__)


@app.get("/items")
def items():
    return jsonify([{"name": row[0], "price": row[1]} for row in stock.items()])


@app.get("/items/count")
def count():
    return jsonify({"count": stock.count()})
