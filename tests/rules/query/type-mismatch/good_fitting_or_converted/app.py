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


@app.get("/boats")
async def boats(owner: str | None = None, session: AsyncSession = Depends(session_of_request)):
    query = select(Boat).limit(20)
    if owner:
        query = query.where(Boat.owner.has(Owner.name == owner))
    return (await session.scalars(query)).all()


@app.get("/boats/{number}")
async def boat(number: int, session: AsyncSession = Depends(session_of_request)):
    return await session.scalar(select(Boat).where(Boat.id == number))


@app.get("/owners/{owner_id}")
async def owner(owner_id: str, session: AsyncSession = Depends(session_of_request)):
    key = int(owner_id)
    return await session.scalar(select(Owner).where(Owner.id == key))


@app.get("/fleet/{owner_id}")
async def fleet(owner_id: str, session: AsyncSession = Depends(session_of_request)):
    owner_id = decoded(owner_id)
    return (await session.scalars(select(Boat).where(Boat.owner_id == owner_id).limit(9))).all()


def decoded(text: str) -> int:
    return int(text, 36)
