from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from shop_jobs import finish

from shop.models import Book

Session = sessionmaker(create_engine("postgresql://localhost/books"))


def view(book_id: int) -> dict:
    session = Session()
    book = session.scalars(select(Book).where(Book.id == book_id)).one()
    finish(session)
    return {"title": book.title}
