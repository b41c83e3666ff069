import asyncio

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Boat


class Boats:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def page(self, limit: int):
        return await asyncio.gather(  # expect: orm/concurrent-session
            self.db.scalar(select(func.count()).select_from(Boat)),
            self.db.scalars(select(Boat).limit(limit)),
        )

    async def several(self, keys: list[int]):
        return await asyncio.gather(*[self.db.get(Boat, key) for key in keys])  # expect: orm/concurrent-session

    async def grouped(self):
        async with asyncio.TaskGroup() as group:
            first = group.create_task(self.db.get(Boat, 1))
            second = group.create_task(self.one("boat"))  # expect: orm/concurrent-session
        return first.result(), second.result()

    async def one(self, name: str):
        return await self.db.scalar(select(Boat).where(Boat.name == name))

    async def started(self, names: list[str]):
        await self.db.flush()
        tasks = []
        for name in names:
            tasks.append(asyncio.create_task(self.one(name)))  # expect: orm/concurrent-session
        return [await task for task in tasks]


async def counts(pool: asyncpg.Pool):
    async with pool.acquire() as connection:
        return await asyncio.gather(  # expect: orm/concurrent-session
            connection.fetchval("SELECT count(*) FROM boats"),
            connection.fetch("SELECT name FROM boats LIMIT 10"),
        )
