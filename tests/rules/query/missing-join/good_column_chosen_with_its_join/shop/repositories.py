from sqlalchemy import false, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Book, Writer


class BookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def titles(self, with_writer: bool, order: str) -> list[tuple[str, bool]]:
        known = Writer.name.is_not(None) if with_writer else false()
        stmt = select(Book.title, known.label("known")).select_from(Book)
        orders = {"title": Book.title}
        if with_writer:
            stmt = stmt.outerjoin(Writer, Book.writer_id == Writer.id)
            orders["writer"] = Writer.name
        rows = await self.session.execute(stmt.order_by(orders.get(order, Book.title)).limit(20))
        return [(title, known) for title, known in rows.all()]

    async def total(self) -> int:
        return await self.session.scalar(select(func.count(Book.id))) or 0
