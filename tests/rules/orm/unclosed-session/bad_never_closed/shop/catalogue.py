from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from shop.models import Book

Session = sessionmaker(create_engine("postgresql://localhost/books"))


def view(book_id: int) -> dict:
    session = Session()  # expect: orm/unclosed-session
    book = session.scalars(select(Book).where(Book.id == book_id)).one()
    return {"title": book.title}
