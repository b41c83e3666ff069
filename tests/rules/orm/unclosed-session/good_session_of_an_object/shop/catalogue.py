from sqlalchemy import create_engine, select
from sqlalchemy.orm import object_session, sessionmaker

from shop.models import Book

Session = sessionmaker(create_engine("postgresql://localhost/books"))


def siblings(book: Book) -> list[str]:
    session = object_session(book)
    return list(session.scalars(select(Book.title).where(Book.writer_id == book.writer_id)))


def view(book_id: int) -> dict:
    with Session() as session:
        return {"siblings": siblings(session.get_one(Book, book_id))}
