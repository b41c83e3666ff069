from flask import Flask, jsonify

from shop import catalogue

app = Flask(__name__)


@app.get("/books/<int:book_id>")
def show(book_id: int):
    return jsonify(catalogue.view(book_id))
