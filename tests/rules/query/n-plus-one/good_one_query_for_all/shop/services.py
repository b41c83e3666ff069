from sqlalchemy.orm import Session

from shop.models import Book
from shop.repositories import Books


class Shelf:
    def __init__(self, session: Session) -> None:
        self._books = Books(session)

    def list(self) -> list[dict]:
        books = self._books.newest()

        counts = self._books.genre_counts(book.id for book in books)
        return [{"title": book.title, "genres": counts.get(book.id, 0)} for book in books]
