from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop_metrics import seen

from shop.models import Book, Writer


@dataclass
class Criteria:
    title: str | None
    writer: str | None


async def find(session: AsyncSession, criteria: Criteria) -> list[Book]:
    stmt = select(Book)
    if criteria.title:
        stmt = stmt.where(Book.title == criteria.title)

    seen(criteria.writer)
    return list(await session.scalars(stmt))
