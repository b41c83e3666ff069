from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import create_tables, engine
from app.models import Login


@asynccontextmanager
async def lifespan(app):
    await create_tables()
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/login")
async def login():
    async with AsyncSession(engine) as session:
        session.add(Login(user_id=1))
        await session.commit()
