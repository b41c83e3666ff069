from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import sessionmaker

from shop.models import Book

Session = sessionmaker(create_engine("postgresql://localhost/books"))
ORDERS = {"title": "books.title ASC", "newest": "books.id DESC"}


def page(order: str) -> list[Book]:
    stmt = select(Book).order_by(text(ORDERS.get(order, ORDERS["title"])))
    with Session() as session:
        return list(session.scalars(stmt))
