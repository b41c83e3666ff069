from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Book, Writer


@dataclass
class Criteria:
    title: str | None
    writer: str | None


async def find(session: AsyncSession, criteria: Criteria) -> list[Book]:
    stmt = select(Book)
    if criteria.title:
        stmt = stmt.where(Book.title == criteria.title)

    found = await session.scalars(stmt)
    return [book for book in found if criteria.writer in (None, book.title)]
