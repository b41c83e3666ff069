from flask import Flask, jsonify

from api.errors import NotFoundError
from domain.errors import DomainError
from services.books import find

app = Flask(__name__)


@app.errorhandler(NotFoundError)
def missing(error):
    return jsonify({"error": str(error)}), 404


@app.errorhandler(DomainError)
def refused(error):
    return jsonify({"error": str(error)}), 404


@app.get("/books/<int:key>")
def book(key):
    return find(key)
