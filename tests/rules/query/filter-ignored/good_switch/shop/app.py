from flask import Flask, jsonify, request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from shop.models import Book, Genre, Writer

app = Flask(__name__)
Session = sessionmaker(create_engine("postgresql://localhost/books"))


@app.get("/status")
def status():
    if request.args.get("simple"):
        return jsonify(status="ok")
    with Session() as session:
        return jsonify(books=len(session.scalars(select(Book)).all()))


@app.get("/reports/books")
def report():
    rebuild = request.args.get("rebuild") is not None
    with Session() as session:
        if not rebuild:
            kept = read_kept()
            if kept is not None:
                return jsonify(kept)
        return jsonify(books=len(session.scalars(select(Book)).all()))


def read_kept():
    try:
        with open("report.json") as stream:
            return stream.read()
    except OSError:
        return None


@app.get("/writers")
def writers():
    wanted = shared_parameters()
    with Session() as session:
        names = session.scalars(select(Writer.name).where(Writer.name == wanted["name"])).all()
        if not request.args.get("brief"):
            names = sorted(names, key=len)
        return jsonify(names)


@app.get("/genres")
def genres():
    shared_parameters()
    with Session() as session:
        return jsonify(session.scalars(select(Genre.label)).all())


@app.get("/unread")
def unread():
    statement = select(Book)
    if request.args.get("withdrawn") is None:
        statement = statement.where(Book.withdrawn.is_(False))
    with Session() as session:
        return jsonify([book.id for book in session.scalars(statement)])


def shared_parameters():
    return {"name": request.args.get("name"), "sort": request.args.get("sort")}
