from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Book, Genre, Writer, book_genres


class BookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def total(self, writer: str | None) -> int:
        written = select(Writer.id).where(Writer.id == Book.writer_id, Writer.name == writer)
        tagged = (
            select(book_genres.c.book_id)
            .join(Genre, Genre.id == book_genres.c.genre_id)
            .where(Genre.label == "crime")
        )
        stmt = select(func.count(Book.id)).where(written.exists(), Book.id.in_(tagged))
        pages = select(func.count()).select_from(select(Book).where(Book.title != "").subquery())
        return (await self.session.scalar(stmt) or 0) + (await self.session.scalar(pages) or 0)

    async def page(self, writer: str | None, limit: int) -> list[Book]:
        stmt = select(Book).limit(limit)
        if writer:
            stmt = stmt.join(Book.writer).where(Writer.name == writer)
        return list((await self.session.scalars(stmt)).all())
