from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lending.models import Book


class BookRepository:
    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def add(self, title: str, author: str, copies: int) -> Book:
        with self._sessions.begin() as session:
            book = Book(title=title, author=author, copies=copies)
            session.add(book)
        return book

    def get(self, book_id: int) -> Book | None:
        with self._sessions() as session:
            return session.get(Book, book_id)

    def search(self, author: str | None, limit: int) -> list[Book]:
        statement = select(Book).order_by(Book.title).limit(limit)
        if author is not None:
            statement = statement.where(Book.author == author)
        with self._sessions() as session:
            return list(session.scalars(statement))
