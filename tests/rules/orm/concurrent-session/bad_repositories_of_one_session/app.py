import asyncio

from fastapi import Depends, FastAPI
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from models import Boat

app = FastAPI()
factory = async_sessionmaker(create_async_engine("postgresql+asyncpg://localhost/harbour"))


class Boats:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def first(self, limit: int) -> list[Boat]:
        return list(await self._session.scalars(select(Boat).limit(limit)))


class Totals:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def boats(self) -> int:
        return await self._session.scalar(select(func.count()).select_from(Boat)) or 0


async def session_of_request():
    async with factory() as session:
        yield session


@app.get("/boats")
async def boats(session: AsyncSession = Depends(session_of_request)):
    wanted = [Boats(session).first(20), Totals(session).boats()]
    found, total = await asyncio.gather(*wanted)  # expect: orm/concurrent-session
    return {"boats": [boat.name for boat in found], "total": total}
