from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from shop.models import Book, book_genres


class Books:
    def __init__(self, session: Session) -> None:
        self._session = session

    def newest(self) -> list[Book]:
        stmt = select(Book).order_by(Book.id.desc()).limit(50)
        return list(self._session.scalars(stmt))

    def genre_count(self, book_id: int) -> int:
        stmt = select(func.count()).where(book_genres.c.book_id == book_id)
        return self._session.scalar(stmt) or 0

    def genre_counts(self, ids: Iterable[int]) -> dict[int, int]:
        stmt = (
            select(book_genres.c.book_id, func.count())
            .where(book_genres.c.book_id.in_(list(ids)))
            .group_by(book_genres.c.book_id)
        )
        return dict(self._session.execute(stmt).all())

    def of_writer(self, writer_id: int) -> list[Book]:
        return list(self._session.scalars(select(Book).where(Book.writer_id == writer_id)))
