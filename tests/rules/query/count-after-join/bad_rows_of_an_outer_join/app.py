from fastapi import FastAPI
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import sessionmaker

from tables import Book, Shelf

app = FastAPI()
sessions = sessionmaker(create_engine("sqlite:///library.db"))


@app.get("/counts")
def counts():
    with sessions() as session:
        rows = session.execute(
            select(Shelf.id, func.count())  # expect: query/count-after-join
            .outerjoin(Book, Book.shelf_id == Shelf.id)
            .where(Shelf.floor == 1)
            .group_by(Shelf.id)
        )
        return {shelf_id: number for shelf_id, number in rows}


@app.get("/shelves")
def shelves():
    with sessions() as session:
        rows = session.execute(
            select(Shelf, func.coalesce(func.count("*"), 0).label("number"))  # expect: query/count-after-join
            .join(Shelf.books, isouter=True)
            .group_by(Shelf)
        )
        return [{"label": shelf.label, "number": number} for shelf, number in rows]


@app.get("/labels")
def labels():
    with sessions() as session:
        numbers = (
            select(Shelf.label, func.count(Shelf.id).label("number"))  # expect: query/count-after-join
            .outerjoin(Shelf.books)
            .group_by(Shelf.label)
            .subquery()
        )
        return session.scalars(select(func.max(numbers.c.number)).select_from(numbers)).all()
