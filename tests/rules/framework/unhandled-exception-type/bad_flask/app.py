from flask import Flask, jsonify

from api.errors import NotFoundError
from services.books import find

app = Flask(__name__)


@app.errorhandler(NotFoundError)  # expect: any/unhandled-exception-type warning
def missing(error):
    return jsonify({"error": str(error)}), 404


@app.get("/books/<int:key>")
def book(key):
    return find(key)
