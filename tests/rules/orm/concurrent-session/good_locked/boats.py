import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Boat


class Locked:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._lock = asyncio.Lock()

    async def name(self, key: int):
        async with self._lock:
            return await self._session.scalar(select(Boat.name).where(Boat.id == key))

    async def names(self, keys: list[int]):
        return await asyncio.gather(*(self.name(key) for key in keys))
