from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Book, Genre, Writer, book_genres


class BookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def total(self, writer: str | None) -> int:
        distinct = (
            select(func.count(Book.id.distinct())).join(Book.genres).where(Genre.label.ilike("c%"))
        )
        pinned = select(func.count(Book.id)).join(Book.genres).where(Genre.label == writer)
        return (await self.session.scalar(distinct) or 0) + (
            await self.session.scalar(pinned) or 0
        )

    async def page(self, writer: str | None, limit: int) -> list[Book]:
        stmt = select(Book).limit(limit)
        if writer:
            stmt = stmt.join(Book.writer).where(Writer.name == writer)
        return list((await self.session.scalars(stmt)).all())
