from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.models import Item

factory = async_sessionmaker(create_async_engine("postgresql+asyncpg:///shop"))


class Items:
    def __init__(self, session: AsyncSession):
        self._session = session

    async def add(self, item: Item):
        self._session.add(item)
        self._session.expire_all()
        await self._session.merge(item)
        await self._session.begin_nested()
        await self._session.refresh(item)
        await self._session.delete(item)

    async def listed(self):
        result = await self._session.execute(select(Item).limit(20))
        return result.scalars().all()

    async def streamed(self):
        found = await self._session.stream(select(Item))
        return await found.scalars().all()

    async def plain(self):
        return await self._session.run_sync(lambda session: session.scalars(select(Item)).all())
