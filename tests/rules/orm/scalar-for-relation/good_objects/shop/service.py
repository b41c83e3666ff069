from sqlalchemy import select

from shop.db import Session
from shop.models import Book, Tag, Writer


class Books:
    def create(self, title: str, tags: list[str]):
        with Session() as session:
            book = Book(title=title)
            for name in tags:
                book.tags.append(self._tag(name))
            session.add(book)
            session.commit()
        return title

    def by(self, writer: str | None):
        with Session() as session:
            owner = session.scalars(select(Writer).where(Writer.name == writer)).first()
            found = session.scalars(select(Book).where(Book.writer == owner, Book.writer != None))  # noqa: E711
            return [book.title for book in found]

    def _tag(self, name: str) -> Tag:
        return Tag(name=name)
