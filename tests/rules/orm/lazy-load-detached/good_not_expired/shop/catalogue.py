from sqlalchemy import create_engine, select
from sqlalchemy.orm import selectinload, sessionmaker

from shop.models import Book

Session = sessionmaker(create_engine("postgresql://localhost/books"), expire_on_commit=False)


def view(book_id: int) -> dict:
    with Session() as session:
        book = session.get_one(Book, book_id)
        book.title = book.title.strip()
        session.commit()
    return {"title": book.title}
