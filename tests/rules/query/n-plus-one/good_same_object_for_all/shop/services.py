from sqlalchemy.orm import Session

from shop.models import Book
from shop.repositories import Books


class Shelf:
    def __init__(self, session: Session) -> None:
        self._books = Books(session)

    def list(self) -> list[dict]:
        books = self._books.of_writer(1)

        return [{"title": book.title, "writer": book.writer.name} for book in books]
