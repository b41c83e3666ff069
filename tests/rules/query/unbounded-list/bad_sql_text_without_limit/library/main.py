from contextlib import asynccontextmanager

from fastapi import FastAPI

from library.db import connect
from library.routes import router


@asynccontextmanager
async def lifespan(app):
    app.state.pool = await connect()
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)
app.include_router(router)
