from sqlalchemy.orm import Session

from shop.models import Book


class Books:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, title: str) -> None:

        self._session.add(Book(title=title, writer_id=1))
