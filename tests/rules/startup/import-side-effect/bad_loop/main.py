import asyncio

import uvicorn
from fastapi import FastAPI

from pool import pool

app = FastAPI()


@app.get("/")
async def index():
    return {"size": pool.get_size()}


uvicorn.run("main:app")  # expect: startup/import-side-effect error
