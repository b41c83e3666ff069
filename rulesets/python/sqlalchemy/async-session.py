import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Item


async def add(session: AsyncSession, item: Item):
    session.add(item)
    # ruleid: orm-missing-await-session
    session.commit()
    # ok: orm-missing-await-session
    await session.refresh(item)


async def titles(session: AsyncSession):
    # ruleid: orm-missing-await-session
    return session.execute(select(Item.title)).scalars().all()


async def first(session: AsyncSession):
    # ok: orm-missing-await-session
    rows = (await session.execute(select(Item))).scalars()
    # ok: orm-missing-await-session
    pending = session.execute(select(Item.title))
    # ok: orm-missing-await-session
    await asyncio.gather(session.flush(), pending)
    # ok: orm-missing-await-session
    return session.get(Item, rows.first().id)
