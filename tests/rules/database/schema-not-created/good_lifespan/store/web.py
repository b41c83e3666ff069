from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import select

from store.db import Session, engine
from store.models import Base, Item


@asynccontextmanager
async def lifespan(app):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/items")
async def items():
    async with Session() as session:
        found = await session.scalars(select(Item).limit(20))
        return [item.id for item in found]
