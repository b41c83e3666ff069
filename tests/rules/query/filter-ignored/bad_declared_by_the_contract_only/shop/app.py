from flask import Flask, jsonify, request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from shop.models import Book

app = Flask(__name__)
Session = sessionmaker(create_engine("postgresql://localhost/books"))


@app.get("/api/books")
def list_books():  # expect: query/filter-ignored
    stmt = select(Book)
    title = request.args.get("title")
    if title:
        stmt = stmt.where(Book.title == title)
    with Session() as session:
        return jsonify([book.title for book in session.scalars(stmt)])
