from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Book


class Books:
    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, limit: int, offset: int) -> tuple[list[Book], int]:
        return self._cut(select(Book).order_by(Book.id), limit, offset)

    def _cut(self, stmt, limit: int, offset: int):
        rows = self._session.scalars(stmt.limit(limit).offset(offset)).all()
        return rows, len(rows)  # expect: query/page-as-total
