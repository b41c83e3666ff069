from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Book

engine = create_engine("postgresql://localhost/books")
Session = scoped_session(sessionmaker(engine))
Factory = sessionmaker(engine)


def view(book_id: int) -> dict:
    book = Session.scalars(select(Book).where(Book.id == book_id)).one()
    with Factory() as session:
        other = session.get_one(Book, book_id)
        return {"title": book.title, "other": other.title}
