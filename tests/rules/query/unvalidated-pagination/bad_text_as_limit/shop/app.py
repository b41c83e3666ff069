from flask import Flask, jsonify, request

from shop import catalogue

app = Flask(__name__)


@app.get("/books")
def list_books():
    limit = request.args.get("limit")
    return jsonify([book.title for book in catalogue.page(limit)])
