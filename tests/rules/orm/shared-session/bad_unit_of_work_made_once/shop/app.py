from flask import Flask, jsonify
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.models import Book
from shop.uow import UnitOfWork

app = Flask(__name__)
uow = UnitOfWork(sessionmaker(create_engine("postgresql://localhost/books")))  # expect: orm/shared-session


@app.get("/books/<int:book_id>")
def show(book_id: int):
    with uow as work:
        return jsonify(work.session.get_one(Book, book_id).title)
