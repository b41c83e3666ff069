from flask import Blueprint, current_app, jsonify, request

from lending.models import Book
from lending.services.shelf import ShelfService

blueprint = Blueprint("books", __name__)


def shelf() -> ShelfService:
    return current_app.extensions["shelf"]


def book_json(book: Book) -> dict[str, object]:
    return {"id": book.id, "title": book.title, "author": book.author, "copies": book.copies}


@blueprint.get("/books")
def list_books():
    limit = min(request.args.get("limit", 20, type=int), 100)
    books = shelf().search(request.args.get("author"), limit)
    return jsonify(books=[book_json(book) for book in books])


@blueprint.post("/books")
def add_book():
    body = request.get_json()
    book = shelf().add(body["title"], body["author"], body.get("copies", 1))
    return jsonify(book=book_json(book)), 201


@blueprint.get("/books/<int:book_id>")
def show_book(book_id: int):
    return jsonify(book=book_json(shelf().book(book_id)))
