from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import joinedload, selectinload

from fleet.models import Boat, Ship

app = FastAPI()
sessions = async_sessionmaker(create_async_engine("postgresql+asyncpg://localhost/fleet"))


@app.get("/ships")
async def ships():
    async with sessions() as session:
        found = await session.scalars(
            select(Ship).options(selectinload(Ship.boats))
        )
        return [
            {
                "owner": ship.owner_id or ship.owner.id,
                "boats": [f"{boat.id} of {boat.ship.name}" for boat in ship.boats],
            }
            for ship in found
        ]


@app.get("/boats/{id}")
async def boat(id: int):
    async with sessions() as session:
        found = await session.scalar(
            select(Boat)
            .where(Boat.id == id)
            .options(
                joinedload(Boat.ship)
                .load_only(Ship.name)
                .options(selectinload(Ship.boats.and_(Boat.sunk == False)))
            )
        )
        return {"others": [other.id for other in found.ship.boats]}
