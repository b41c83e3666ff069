from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from meter import db


@asynccontextmanager
async def lifespan(app):
    await db.connect("postgresql://localhost/meter")
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/readings/{number}")
async def one(number: int, conn=Depends(db.get_conn)):
    return await conn.fetchrow("SELECT id, value FROM readings WHERE id = $1", number)
