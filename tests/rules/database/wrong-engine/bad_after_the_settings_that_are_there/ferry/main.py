from fastapi import FastAPI
from sqlalchemy import text

from ferry.db import session_factory

app = FastAPI()


@app.get("/departures")
async def departures():
    async with session_factory() as session:
        rows = await session.execute(text("SELECT id FROM departures LIMIT 10"))
        return [row.id for row in rows]
