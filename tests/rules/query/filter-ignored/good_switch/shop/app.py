from flask import Flask, jsonify, request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from shop.models import Book

app = Flask(__name__)
Session = sessionmaker(create_engine("postgresql://localhost/books"))


@app.get("/status")
def status():
    if request.args.get("simple"):
        return jsonify(status="ok")
    with Session() as session:
        return jsonify(books=len(session.scalars(select(Book)).all()))
