from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from shop.models import Book, Writer

Session = sessionmaker(create_engine("postgresql://localhost/books"))


def page(limit: int, writer: str | None, title: str | None) -> list[Book]:
    stmt = select(Book).join(Book.writer)
    if writer:
        stmt = stmt.where(Writer.name == writer)
    if title:
        stmt.where(Book.title == title)  # expect: query/discarded-builder
    with Session() as session:
        return list(session.scalars(stmt.limit(limit)))
