from flask import Flask, jsonify, request

from shop import catalogue

app = Flask(__name__)


@app.get("/books")
def list_books():
    found = catalogue.page(
        request.args.get("limit", 20, type=int),
        request.args.get("writer"),
        request.args.get("title"),
    )
    return jsonify([book.title for book in found])
