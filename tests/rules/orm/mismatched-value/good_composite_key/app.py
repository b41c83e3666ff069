from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models import Book, Mark, Member

app = Flask(__name__)
engine = create_engine("postgresql+psycopg://localhost/books")


@app.get("/books/<title>/marks/<nick>")
def marked(title, nick):
    with Session(engine) as session:
        book = session.scalars(select(Book).where(Book.title == title)).one()
        member = session.scalars(select(Member).where(Member.nick == nick)).one()
        mark = session.get(Mark, (member.id, book.id))
        return {"marked": mark is not None}
