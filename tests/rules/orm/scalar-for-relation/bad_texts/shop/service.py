from sqlalchemy import select

from shop.db import Session
from shop.models import Book


class Books:
    def create(self, title: str, tags: list[str]):
        with Session() as session:
            book = Book(title=title)
            for name in self._clean(tags):
                book.tags.append(name)  # expect: orm/scalar-for-relation
            session.add(book)
            session.commit()
        return title

    def rename(self, book: Book, tags: list[str]) -> None:
        book.tags = self._clean(tags)  # expect: orm/scalar-for-relation

    def by(self, writer: str | None):
        with Session() as session:
            found = session.scalars(select(Book).where(Book.writer == writer))  # expect: orm/scalar-for-relation
            return [book.title for book in found]

    @staticmethod
    def _clean(names: list[str]) -> list[str]:
        return [name.strip() for name in names]
