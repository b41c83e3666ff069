from flask import Blueprint, jsonify

from press.presenters import book_json, full_json
from press.store import store

blueprint = Blueprint("books", __name__)


@blueprint.get("")
def books():
    found = store.all()
    return jsonify(books=[full_json(book) for book in found])  # expect: contract/response-shape


@blueprint.post("")
def add():
    return jsonify({"title": "x"}), 201  # expect: contract/response-shape


@blueprint.get("/<int:number>")
def show(number):
    body = {"book": book_json(store.get(number))}
    return jsonify(body)  # expect: contract/response-shape
