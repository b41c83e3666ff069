import asyncio

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from models import Boat

factory = async_sessionmaker(create_async_engine("postgresql+asyncpg://localhost/harbour"))


async def one(key: int):
    async with factory() as session:
        return await session.get(Boat, key)


async def several(keys: list[int]):
    return await asyncio.gather(*(one(key) for key in keys))


async def both():
    return await asyncio.gather(one(1), one(2))


async def beside(session: AsyncSession):
    total, _ = await asyncio.gather(
        session.scalar(select(func.count()).select_from(Boat)), asyncio.sleep(0.1)
    )
    return total


async def in_turn(session: AsyncSession, keys: list[int]):
    first = asyncio.create_task(session.get(Boat, keys[0]))
    await first
    second = asyncio.create_task(session.get(Boat, keys[1]))
    return first.result(), await second


async def pooled(pool: asyncpg.Pool):
    return await asyncio.gather(
        pool.fetchval("SELECT count(*) FROM boats"), pool.fetch("SELECT name FROM boats LIMIT 10")
    )
