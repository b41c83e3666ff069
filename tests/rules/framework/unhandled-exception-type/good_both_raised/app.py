from flask import Flask, jsonify

from api.errors import NotFoundError
from domain import errors
from services.books import find

app = Flask(__name__)


@app.errorhandler(NotFoundError)
def missing(error):
    return jsonify({"error": str(error)}), 404


@app.get("/books/<int:key>")
def book(key):
    try:
        return find(key)
    except errors.NotFoundError as error:
        raise NotFoundError(key) from error
