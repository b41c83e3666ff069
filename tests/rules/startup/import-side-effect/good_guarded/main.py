import asyncio

import uvicorn
from fastapi import FastAPI

from pool import get_pool

app = FastAPI()


@app.get("/")
async def index():
    return {"size": (await get_pool()).get_size()}


if __name__ == "__main__":
    asyncio.run(get_pool())
    uvicorn.run("main:app")
