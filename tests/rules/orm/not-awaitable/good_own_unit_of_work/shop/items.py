from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Item


class Items:
    """A unit of work of the project's own, whose methods are coroutines."""

    def __init__(self, session: AsyncSession):
        self._session = session

    async def add(self, item: Item):
        self._session.add(item)

    async def execute(self, statement):
        return await self._session.execute(statement)


async def kept(session: AsyncSession, item: Item):
    items = Items(session)
    await items.add(item)


async def own(session: Items, item: Item):
    await session.add(item)


async def untyped(session, item: Item):
    await session.add(item)
