from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import sessionmaker

from shop.models import Book

Session = sessionmaker(create_engine("postgresql://localhost/books"))
ORDERS = {"title": "books.title ASC", "newest": "books.id DESC"}


def page(order: str) -> list[Book]:
    if order not in ("title", "id"):
        raise ValueError(order)
    wanted = int(order) if order.isdigit() else 1
    named = text("SELECT id FROM books WHERE title LIKE :order")
    with Session() as session:
        session.execute(named, {"order": order})
        session.execute(text(f"SELECT id FROM books WHERE id = {wanted}"))
        return list(session.scalars(select(Book).order_by(text(f"books.{order}"))))
