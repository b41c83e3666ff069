from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Book, Member


class Books:
    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, owner: str | None, reader: str | None, limit: int) -> list[Book]:
        stmt = select(Book).order_by(Book.id)
        if owner is not None:
            stmt = stmt.join(Book.owner).where(Member.nick == owner)
        if reader is not None:
            stmt = stmt.join(Book.readers).where(Member.nick == reader)  # expect: query/joined-twice
        return list(self._session.scalars(stmt.limit(limit)))
