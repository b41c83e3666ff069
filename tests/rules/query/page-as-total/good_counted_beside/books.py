from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Book


class Books:
    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, limit: int, offset: int) -> tuple[list[Book], int]:
        stmt = select(Book).order_by(Book.id)
        total = self._session.scalar(select(func.count()).select_from(stmt.subquery()))
        rows = self._session.scalars(stmt.limit(limit).offset(offset)).all()
        self.count = len(rows)
        return rows, total
