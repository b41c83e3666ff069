from dataclasses import dataclass

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from models import Boat, Owner

app = FastAPI()
factory = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/harbour"))


async def session_of_request():
    async with factory() as session:
        yield session


@dataclass
class Wanted:
    owner: str | None
    number: int | None = None


class Boats:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def found(self, wanted: Wanted):
        query = select(Boat).limit(20)
        if wanted.owner:
            query = query.where(Boat.owner_id == wanted.owner)  # expect: query/type-mismatch
        return (await self._session.scalars(query)).all()

    async def by_slug(self, number: int):
        return await self._session.scalar(select(Boat).where(Boat.slug == number))  # expect: query/type-mismatch


@app.get("/boats")
async def boats(owner: str | None = None, session: AsyncSession = Depends(session_of_request)):
    return await Boats(session).found(Wanted(owner=owner))


@app.get("/boats/{number}")
async def boat(number: int, session: AsyncSession = Depends(session_of_request)):
    return await Boats(session).by_slug(number)


@app.get("/owners/{owner_id}")
async def owner(owner_id: str, session: AsyncSession = Depends(session_of_request)):
    return await session.scalar(select(Owner).where(Owner.id == owner_id))  # expect: query/type-mismatch
