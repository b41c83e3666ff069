import os

import asyncpg
from fastapi import FastAPI

from app.routes.users import router

app = FastAPI()
app.include_router(router)


@app.on_event("startup")
async def startup():
    app.state.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"])
