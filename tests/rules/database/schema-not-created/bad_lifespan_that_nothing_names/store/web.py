from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import select

from store.db import Session, engine
from store.models import Base, Item


@asynccontextmanager
async def lifespan(app):  # expect: database/schema-not-created error
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield


app = FastAPI()


@app.get("/items")
async def items():
    async with Session() as session:
        found = await session.scalars(select(Item).limit(20))
        return [item.id for item in found]
