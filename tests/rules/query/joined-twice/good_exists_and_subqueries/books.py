from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Book, Member, readers


class Books:
    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, owner: str | None, reader: str | None, limit: int) -> list[Book]:
        if limit > 90:
            return self._old(owner, reader, limit)
        stmt = select(Book).order_by(Book.id)
        if owner is not None:
            stmt = stmt.join(Book.owner).where(Member.nick == owner)
        if reader is not None:
            read = (
                select(readers.c.book_id)
                .join(Member, Member.id == readers.c.member_id)
                .where(Member.nick == reader)
            )
            stmt = stmt.where(Book.id.in_(read))
        return list(self._session.scalars(stmt.limit(limit)))

    def _old(self, owner: str | None, reader: str | None, limit: int) -> list[Book]:
        query = self._session.query(Book).join(Book.owner)
        if owner:
            query = query.join(Book.owner).filter(Member.nick == owner)
        if reader:
            query = query.filter(Book.readers.any(Member.nick == reader))
        return query.limit(limit).all()
