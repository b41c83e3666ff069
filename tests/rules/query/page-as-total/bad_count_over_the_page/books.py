from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Book


class Books:
    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, limit: int, offset: int) -> tuple[list[Book], int]:
        stmt = select(Book).order_by(Book.id).limit(limit).offset(offset)
        counted = select(func.count()).select_from(stmt.subquery())
        total = self._session.scalar(counted)  # expect: query/page-as-total
        return list(self._session.scalars(stmt)), total
