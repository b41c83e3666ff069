from flask import Flask, jsonify, request

from shop import catalogue

app = Flask(__name__)


@app.get("/books")
def list_books():
    order = request.args.get("order", "title")
    return jsonify([book.title for book in catalogue.page(order)])
