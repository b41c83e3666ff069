from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.db import make_engine


@asynccontextmanager
async def lifespan(app):
    app.state.engine = await make_engine()
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/orders")
async def orders():
    return []
