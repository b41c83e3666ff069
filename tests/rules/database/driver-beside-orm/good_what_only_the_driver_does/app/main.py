from fastapi import FastAPI

from app.db import engine
from app.events import is_ready, listen, load

app = FastAPI()


@app.get("/orders")
async def orders():
    await listen(load)
    return [is_ready(), str(engine.url)]
