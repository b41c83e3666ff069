from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Book, Member


class Books:
    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, owner: str | None, reader: str | None, limit: int) -> list[Book]:
        if limit > 50:
            return self._either(owner, reader, limit)
        if limit > 40:
            return self._once(owner, reader, limit)
        stmt = select(Book).order_by(Book.id)
        if owner is not None:
            stmt = stmt.join(Book.owner).where(Member.nick == owner)
        if reader is not None:
            other = aliased(Member)
            stmt = stmt.join(Book.readers.of_type(other)).where(other.nick == reader)
        return list(self._session.scalars(stmt.limit(limit)))

    def _either(self, owner: str | None, reader: str | None, limit: int) -> list[Book]:
        stmt = select(Book)
        if owner:
            stmt = stmt.join(Book.owner).where(Member.nick == owner)
        elif reader:
            stmt = stmt.join(Book.readers).where(Member.nick == reader)
        return list(self._session.scalars(stmt.limit(limit)))

    def _once(self, owner: str | None, reader: str | None, limit: int) -> list[Book]:
        stmt = select(Book)
        joined = False
        if owner:
            stmt = stmt.join(Book.owner).where(Member.nick == owner)
            joined = True
        if not joined:
            stmt = stmt.join(Book.owner)
        if reader and not owner:
            stmt = stmt.join(Book.readers)
        return list(self._session.scalars(stmt.limit(limit)))
