from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from shop.models import Book

engine = create_engine("postgresql://localhost/books")
session = sessionmaker(engine)()  # expect: orm/shared-session


def view(book_id: int) -> dict:
    book = session.scalars(select(Book).where(Book.id == book_id)).one()
    return {"title": book.title}
