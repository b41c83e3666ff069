from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Book, Writer


def with_writer(stmt: Select, writer: str | None) -> Select:
    if not writer:
        return stmt
    return stmt.join(Writer, Book.writer_id == Writer.id)


class BookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(self, writer: str | None, order: str) -> list[Book]:
        stmt = with_writer(select(Book), writer)
        if writer and hasattr(Writer, order):
            stmt = stmt.where(Writer.name == writer)
        return list((await self.session.scalars(stmt.limit(20))).all())
