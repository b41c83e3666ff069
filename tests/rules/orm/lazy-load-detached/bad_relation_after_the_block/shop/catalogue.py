from sqlalchemy import create_engine, select
from sqlalchemy.orm import selectinload, sessionmaker

from shop.models import Book

Session = sessionmaker(create_engine("postgresql://localhost/books"))


def load(book_id: int) -> Book:
    with Session() as session:
        return session.scalars(select(Book).where(Book.id == book_id)).one()


def view(book_id: int) -> dict:
    book = load(book_id)
    return {"title": book.title, "writer": book.writer.name}  # expect: orm/lazy-load-detached
