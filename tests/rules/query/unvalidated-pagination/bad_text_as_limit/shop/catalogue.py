from sqlalchemy import Select, create_engine, select
from sqlalchemy.orm import sessionmaker

from shop.models import Book

Session = sessionmaker(create_engine("postgresql://localhost/books"))


def window(stmt: Select, limit: int) -> Select:
    return stmt.limit(limit)  # expect: query/unvalidated-pagination


def page(limit: int) -> list[Book]:
    stmt = select(Book).order_by(Book.title)

    with Session() as session:
        return list(session.scalars(window(stmt, limit)))
