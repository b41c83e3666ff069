from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel.ext.asyncio.session import AsyncSession as SqlmodelSession

from shop.models import Item
from shop.repositories import ItemRepository


async def create(session: AsyncSession, item: Item):
    # ruleid: orm-not-awaitable
    await session.add(item)
    # ok: orm-not-awaitable
    await session.commit()


async def create_all(session: SqlmodelSession, items: list[Item]):
    # ruleid: orm-not-awaitable
    await session.add_all(items)
    # ok: orm-not-awaitable
    await session.flush()


class Items:
    async def forget(self, session: AsyncSession, item: Item) -> None:
        # ruleid: orm-not-awaitable
        await session.expunge(item)
        # ok: orm-not-awaitable
        await session.delete(item)


async def right(session: AsyncSession, item: Item):
    # ok: orm-not-awaitable
    session.add(item)
    # ok: orm-not-awaitable
    session.expire_all()
    # ok: orm-not-awaitable
    await session.merge(item)
    # ok: orm-not-awaitable
    await session.begin()
    # ok: orm-not-awaitable
    await session.refresh(item)


async def through_repository(session: AsyncSession, item: Item):
    repository = ItemRepository(session)
    # ok: orm-not-awaitable
    await repository.add(item)
    # ok: orm-not-awaitable
    await repository.add_all([item])


# a unit of work of the project's own
async def own(session: ItemRepository, item: Item):
    # ok: orm-not-awaitable
    await session.add(item)


async def untyped(session, item: Item):
    # ok: orm-not-awaitable
    await session.add(item)
