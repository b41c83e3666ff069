from sqlalchemy.orm import Session

from shop.models import Book
from shop.repositories import Books


class Shelf:
    def __init__(self, session: Session) -> None:
        self._books = Books(session)

    def list(self) -> list[dict]:
        books = self._books.newest()

        first = books[0]
        counts = [self._books.genre_count(first.id)]
        for number in (1, 2, 3):
            counts.append(self._books.genre_count(number))
        return [{"title": first.title, "writer": first.writer.name, "genres": counts}]
