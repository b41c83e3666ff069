import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


class Store:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    def rows(self, statement):
        return self.session.execute(statement)

    async def first(self, statement):
        return (await self.rows(statement)).first()

    async def soon(self):
        pending = self.session.execute(select(1))
        return await asyncio.wait_for(pending, timeout=2)

    async def shielded(self):
        await asyncio.shield(self.session.close())

    async def kept(self):
        jobs = [self.session.flush()]
        jobs.append(self.session.commit())
        for job in jobs:
            await job
