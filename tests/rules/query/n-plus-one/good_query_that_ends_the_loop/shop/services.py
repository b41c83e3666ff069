from sqlalchemy.orm import Session

from shop.models import Book
from shop.repositories import Books


class Shelf:
    def __init__(self, session: Session) -> None:
        self._books = Books(session)

    def list(self) -> list[dict]:
        books = self._books.newest()

        for book in books:
            if book.title.startswith("The"):
                return [{"title": book.title, "genres": self._books.genre_count(book.id)}]
        return []
