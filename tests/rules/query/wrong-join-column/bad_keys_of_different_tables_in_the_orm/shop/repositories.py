from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Book, Genre, Writer, book_genres


class BookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def total(self, writer: str | None) -> int:
        stmt = (
            select(func.count(Book.id.distinct()))
            .join(book_genres, book_genres.c.book_id == Book.id)
            .join(Genre, book_genres.c.book_id == Genre.id)  # expect: query/wrong-join-column
            .where(Genre.label == writer)
        )
        return await self.session.scalar(stmt) or 0

    async def page(self, writer: str | None, limit: int) -> list[Book]:
        stmt = select(Book).limit(limit)
        if writer:
            stmt = stmt.join(Book.writer).where(Writer.name == writer)
        return list((await self.session.scalars(stmt)).all())
