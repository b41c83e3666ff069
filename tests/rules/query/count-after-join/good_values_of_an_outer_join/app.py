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
            select(Shelf.id, func.count(Book.id)).outerjoin(Shelf.books).group_by(Shelf.id)
        )
        return {shelf_id: number for shelf_id, number in rows}


@app.get("/shelves-in-use")
def shelves_in_use():
    with sessions() as session:
        rows = session.execute(select(Shelf.id, func.count()).join(Shelf.books).group_by(Shelf.id))
        return {shelf_id: number for shelf_id, number in rows}


@app.get("/lent")
def lent():
    with sessions() as session:
        rows = session.execute(
            select(Shelf.id, func.count())
            .outerjoin(Shelf.books)
            .where(Book.lent.is_(True))
            .group_by(Shelf.id)
        )
        return {shelf_id: number for shelf_id, number in rows}


@app.get("/books-of-floors")
def books_of_floors():
    with sessions() as session:
        rows = session.execute(
            select(Shelf.floor, func.count())
            .select_from(Book)
            .outerjoin(Shelf, Shelf.id == Book.shelf_id)
            .group_by(Shelf.floor)
        )
        return {floor: number for floor, number in rows}


@app.get("/kinds")
def kinds():
    with sessions() as session:
        rows = session.execute(
            select(Shelf.floor, Book.lent, func.count())
            .outerjoin(Shelf.books)
            .group_by(Shelf.id, Book.lent)
        )
        return [tuple(row) for row in rows]


@app.get("/crowded")
def crowded():
    with sessions() as session:
        rows = session.execute(
            select(Shelf.id, func.count())
            .outerjoin(Shelf.books)
            .group_by(Shelf.id)
            .having(func.count() > 1)
        )
        return {shelf_id: number for shelf_id, number in rows}


@app.get("/with-book")
def with_book():
    with sessions() as session:
        rows = session.execute(
            select(Book.id, func.count())
            .outerjoin(Shelf, Shelf.id == Book.shelf_id)
            .group_by(Book.id)
        )
        return {book_id: number for book_id, number in rows}
