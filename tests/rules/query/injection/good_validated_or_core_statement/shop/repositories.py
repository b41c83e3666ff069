from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Book
from shop.schemas import Order


class BookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(self, order: Order) -> list:
        statement = text(f"SELECT id, title FROM books {order.clause()} LIMIT 20")
        return list((await self.session.execute(statement)).all())

    async def titled(self, title: str):
        rows = await self.session.execute(
            Book.__table__.select().where(Book.title == title).where(Book.id.isnot(None))
        )
        return rows.fetchone()
