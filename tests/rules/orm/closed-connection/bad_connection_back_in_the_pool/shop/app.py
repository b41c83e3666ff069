from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI, Request

from shop.stock import Stock


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = await asyncpg.create_pool("postgresql:///shop")
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


@app.get("/log")
async def log(request: Request):
    return await Stock(request.app.state.pool).log()


@app.get("/items/{name}")
async def item(name: str, request: Request):
    return await Stock(request.app.state.pool).find(name)
