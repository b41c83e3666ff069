from sqlalchemy import create_engine, select
from sqlalchemy.orm import selectinload, sessionmaker

from shop.models import Book

Session = sessionmaker(create_engine("postgresql://localhost/books"))


def load(book_id: int) -> Book:
    with Session() as session:
        stmt = select(Book).where(Book.id == book_id).options(selectinload(Book.writer))
        return session.scalars(stmt).one()


def view(book_id: int) -> dict:
    book = load(book_id)
    with Session() as session:
        other = session.get_one(Book, book_id)
        genres = [genre.label for genre in other.genres]
    return {"title": book.title, "writer": book.writer.name, "genres": genres}
