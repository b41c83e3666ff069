from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from shop.models import Item

factory = async_sessionmaker(create_async_engine("postgresql+asyncpg:///shop"))


class Items:
    def __init__(self, session: AsyncSession):
        self._session = session

    async def add(self, item: Item):
        await self._session.add(item)  # expect: orm/not-awaitable
        await self._session.flush()
        return item

    async def listed(self):
        result = await self._session.execute(select(Item).limit(20))
        return await result.scalars().all()  # expect: orm/not-awaitable

    async def one(self, number: int):
        result = await self._session.execute(select(Item).where(Item.id == number))
        return await result.scalar_one_or_none()  # expect: orm/not-awaitable


async def kept(item: Item):
    async with factory() as session:
        await session.add_all([item])  # expect: orm/not-awaitable
        await session.commit()


async def counted(session: Session):
    return await session.scalar(select(Item.id))  # expect: orm/not-awaitable
