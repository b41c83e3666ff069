from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from shop.models import Book, Writer


class WriterRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(self) -> list[Writer]:
        stmt = select(Writer).options(
            selectinload(Writer.books).options(
                joinedload(Book.writer).load_only(Writer.name),
                selectinload(Book.genres),
            )
        )
        return list((await self.session.scalars(stmt.limit(20))).all())

    async def named(self, name: str) -> Writer:
        stmt = select(Writer).options(selectinload(Writer.books).joinedload(Book.writer))
        return (await self.session.scalars(stmt.where(Writer.name == name))).one()
